import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { connect } from '../queue/redis/connection.js';
import { Link } from '../queue/redis/link.js';
import { RedisVisitMemory } from './redis/redis-visit-memory.js';
import { RoadMemory } from './road-memory.js';
import { VisitMemory } from './visit-memory.js';

/** What is remembered of cameras' roads, in Redis. Connects with the first job. */
@Module({
  providers: [
    { provide: Link, inject: [Config], useFactory: ({ redis }: Config) => new Link(connect(redis, 'commands')) },
    {
      provide: VisitMemory,
      inject: [Link, Config],
      useFactory: (link: Link, { queue }: Config) => new RedisVisitMemory(link, queue.stream),
    },
    {
      provide: RoadMemory,
      inject: [VisitMemory, Config, LOG],
      useFactory: (memory: VisitMemory, { cameras }: Config, log: Log) =>
        new RoadMemory(memory, cameras.visitsKept, log),
    },
  ],
  exports: [RoadMemory],
})
export class VisitsModule implements OnApplicationShutdown {
  constructor(private readonly link: Link) {}

  async onApplicationShutdown(): Promise<void> {
    await this.link.close();
  }
}
