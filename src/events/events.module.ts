import { Global, Inject, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { KindSpec } from '../job/kind.js';
import { eventsKey } from '../queue/status/job-note.js';
import { SharedLinks } from '../redis/redis.module.js';
import { EventFeed } from './event-feed.js';
import { EventHub } from './event-hub.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';

/** What happens to jobs, cameras and workers, for who tells of it and for who listens. */
@Global()
@Module({})
export class EventsModule implements OnModuleDestroy {
  constructor(@Inject(EventStreams) private readonly streams: EventStreams) {}

  /** @param kinds every kind of job there is, whether or not it runs here */
  static of(kinds: readonly KindSpec[]): DynamicModule {
    const sources = kinds.map(({ kind, queue }) => ({ kind, key: eventsKey(queue.lanes.at(-1) as string) }));
    return {
      module: EventsModule,
      controllers: [EventsController],
      providers: [
        {
          provide: EventFeed,
          inject: [SharedLinks],
          useFactory: ({ prompt }: SharedLinks) => new EventFeed(prompt.connection),
        },
        {
          provide: EventStreams,
          inject: [EventFeed, Config],
          useFactory: (feed: EventFeed, { redis, http }: Config) =>
            new EventStreams(new EventHub(sources, redis), feed, http.sseClientsMax),
        },
      ],
      exports: [EventFeed, EventStreams],
    };
  }

  /** First hook of a stop: a drain does not wait for those who listen. */
  onModuleDestroy(): void {
    this.streams.stop();
  }
}
