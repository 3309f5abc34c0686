import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Config } from '../config/config.js';
import type { KindSpec } from '../job/kind.js';
import { Clock } from '../lib/clock.js';
import { LOG, type Log } from '../log/log.js';
import { REFUSALS } from '../redis/refusal/refusals.js';
import { RedisClock } from '../redis/redis-clock.js';
import { RedisPing } from '../redis/redis-ping.js';
import { RedisModule, SharedLinks } from '../redis/redis.module.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { AllQueueNumbers } from './numbers/all-numbers.js';
import { QueueController } from './numbers/queue.controller.js';
import { KindQueues } from './kind-queues.js';
import { Repeating, UNTOLD } from '../lib/repeating.js';
import type { Link } from '../redis/link.js';

/** Redis' clock is looked at so often. ms */
const CLOCK_EVERY_MS = 10_000;

/** What is not an engine's loop does with Redis here, for every kind of job, and for everybody. */
@Global()
@Module({})
export class QueueModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly clockwork: Repeating;

  constructor(
    @Inject(SharedLinks) private readonly links: SharedLinks,
    private readonly clock: RedisClock,
    @Inject(LOG) private readonly log: Log,
  ) {
    const options = { everyMs: CLOCK_EVERY_MS, events: UNTOLD, endsWithProcess: true };
    this.clockwork = new Repeating(() => setClock(clock, links.prompt), options);
  }

  /** @param kinds every kind of job there is, whether or not it runs here */
  static of(kinds: readonly KindSpec[]): DynamicModule {
    return {
      module: QueueModule,
      imports: [RedisModule],
      controllers: [QueueController, DeadLettersController],
      providers: [
        {
          provide: AllQueueNumbers,
          inject: [SharedLinks, Clock],
          useFactory: ({ prompt }: SharedLinks, clock: Clock) => new AllQueueNumbers(kinds, prompt.connection, clock),
        },
        {
          provide: KindQueues,
          inject: [SharedLinks, Config],
          useFactory: (links: SharedLinks, { queue }: Config) => new KindQueues(kinds, links, queue.maxEntryBytes),
        },
        { provide: RedisPing, inject: [SharedLinks], useFactory: ({ prompt }: SharedLinks) => new RedisPing(prompt) },
        { provide: RedisClock, useFactory: () => new RedisClock() },
        { provide: Clock, useExisting: RedisClock },
      ],
      exports: [KindQueues, AllQueueNumbers, RedisPing, RedisClock, Clock],
    };
  }

  /** A process that runs no jobs tells ages by Redis' clock, too. */
  async onApplicationBootstrap(): Promise<void> {
    REFUSALS.listen({
      refused: (sentence) => this.log.error({ code: 'REDIS_REFUSES' }, sentence),
      allowed: (sentence) => this.log.info({ was: sentence }, 'Redis allows again what it refused'),
    });
    // Before the schedule looks at it for the first time.
    await setClock(this.clock, this.links.prompt).catch(() => undefined);
    this.clockwork.start();
  }

  onApplicationShutdown(): void {
    void this.clockwork.stop();
  }
}

async function setClock(clock: RedisClock, link: Link): Promise<void> {
  await link.up();
  await clock.set(link.connection);
}
