import { Global, Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Clock } from '../job/clock.js';
import { inspectionNeedsMs } from '../job/inspection-time.js';
import type { JobKind } from '../job/kind.js';
import { LOG, type Log } from '../log/log.js';
import { REFUSALS } from './refusals.js';
import { BreakerStore } from './breaker-store.js';
import { consumerName } from './consumer-name.js';
import { DeadLettersByKind } from './dead-letters-by-kind.js';
import type { JobQueue } from './job-queue.js';
import { Producers } from './producers.js';
import type { QueueNames, QueueVariables } from './redis/keys.js';
import { RedisClock } from './redis/redis-clock.js';
import { RedisBreakerStore } from './redis/redis-breaker-store.js';
import { RedisDeadLetters } from './redis/redis-dead-letters.js';
import { RedisJobProducer } from './redis/redis-job-producer.js';
import { RedisJobQueue } from './redis/redis-job-queue.js';
import { RedisLinkPing } from './redis/redis-link-ping.js';
import { RedisModule, SharedLinks } from './redis/redis.module.js';
import { RedisPing } from './redis-ping.js';

/** No urgent job waits noticeably longer for this, and a flood of tiny jobs costs Redis half. ms */
const URGENT_CHECK_MS = 20;
/** Redis' clock is looked at so often. ms */
const CLOCK_EVERY_MS = 10_000;
/** A lease is given up this long after the latest end of a job: by then its worker is stuck. ms */
const LEASE_BEYOND_TIMEOUT_MS = 30_000;

/** What is not an engine's loop does with Redis here, for every kind of job, and for everybody. */
@Global()
@Module({
  imports: [RedisModule],
  providers: [
    { provide: Producers, inject: [SharedLinks, Config], useFactory: makeProducers },
    { provide: RedisPing, inject: [SharedLinks], useFactory: ({ prompt }: SharedLinks) => new RedisLinkPing(prompt) },
    { provide: DeadLettersByKind, inject: [SharedLinks, Config], useFactory: openDeadLetters },
    { provide: RedisClock, useFactory: () => new RedisClock() },
    { provide: Clock, useExisting: RedisClock },
    { provide: BreakerStore, inject: [SharedLinks, Config], useFactory: openBreakers },
  ],
  exports: [Producers, RedisPing, DeadLettersByKind, BreakerStore, RedisClock, Clock],
})
export class QueueModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SharedLinks) private readonly links: SharedLinks,
    private readonly clock: RedisClock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** A process that runs no jobs tells ages by Redis' clock, too. */
  async onApplicationBootstrap(): Promise<void> {
    REFUSALS.listen({
      refused: (sentence) => this.log.error({ code: 'REDIS_REFUSES' }, sentence),
      allowed: (sentence) => this.log.info({ was: sentence }, 'Redis allows again what it refused'),
    });
    const { prompt } = this.links;
    this.timer = setInterval(() => void this.clock.set(prompt.connection), CLOCK_EVERY_MS).unref();
    await prompt.up().then(
      () => this.clock.set(prompt.connection),
      () => undefined,
    );
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

/** A queue for the engine of a kind of job, not connected yet. */
export function makeQueue(config: Config, kind: JobKind, clock: RedisClock): JobQueue {
  const settings = {
    redis: config.redis,
    names: queueNames(config, kind),
    consumer: consumerName(),
    visibilityMs: config.queue.visibilityMs,
    urgentCheckMs: URGENT_CHECK_MS,
    maxEntryBytes: config.queue.maxEntryBytes,
    // A worker that was cut off must still find what it ran, however short the retention.
    retentionMs: Math.max(config.queue.retentionMs, longestRunMs(config, kind) + config.queue.visibilityMs),
    longestRunMs: longestRunMs(config, kind) + LEASE_BEYOND_TIMEOUT_MS,
  };
  return new RedisJobQueue(settings, clock);
}

/** The longest that any job of a kind may rightly take, ms. */
export function longestRunMs({ worker, capture, assessment }: Config, kind: JobKind): number {
  if (kind === 'assessment') return assessment.jobTimeoutMs;
  return Math.max(worker.jobTimeoutMs, inspectionNeedsMs(capture.maxSeconds));
}

function makeProducers({ prompt: link }: SharedLinks, config: Config): Producers {
  const producer = (kind: JobKind): RedisJobProducer => new RedisJobProducer(link, queueNames(config, kind));
  return { inspection: producer('inspection'), assessment: producer('assessment') };
}

function openDeadLetters({ patient: { connection } }: SharedLinks, config: Config): DeadLettersByKind {
  const letters = (kind: JobKind): RedisDeadLetters => new RedisDeadLetters(connection, queueNames(config, kind));
  return { inspection: letters('inspection'), assessment: letters('assessment') };
}

/** Cameras fail where they are watched: in inspections. */
function openBreakers({ patient: { connection } }: SharedLinks, config: Config): BreakerStore {
  return new RedisBreakerStore(connection, queueNames(config, 'inspection'));
}

/** The streams that the configuration names for a kind of job, the most urgent first. */
export function queueNames({ queue, assessment }: Config, kind: JobKind): QueueNames {
  const { highStream, stream, dlqStream: dlq, resultsStream: results, group } = { inspection: queue, assessment }[kind];
  return { lanes: [highStream, stream], dlq, results, group, variables: VARIABLES[kind] };
}

const VARIABLES: Record<JobKind, QueueVariables> = {
  inspection: {
    stream: 'REDIS_STREAM',
    high: 'REDIS_STREAM_HIGH',
    dlq: 'REDIS_DLQ_STREAM',
    results: 'RESULTS_STREAM',
  },
  assessment: {
    stream: 'ASSESS_STREAM',
    high: 'ASSESS_STREAM_HIGH',
    dlq: 'ASSESS_DLQ_STREAM',
    results: 'ASSESS_RESULTS_STREAM',
  },
};
