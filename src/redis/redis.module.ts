import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { connect } from './connection.js';
import { Link } from './link.js';

/**
 * The connections that all parts of a process share, apart from those of its engines, by how they wait while Redis is
 * away: calls on the patient one wait until it is back, calls on the prompt one fail within seconds.
 */
export class SharedLinks {
  constructor(
    readonly patient: Link,
    readonly prompt: Link,
  ) {}

  /** Says goodbye on both. */
  async close(): Promise<void> {
    await Promise.all([this.patient.close(), this.prompt.close()]);
  }
}

/** One pair of connections for the whole process. Each connects when it is first used. */
@Global()
@Module({
  providers: [
    {
      provide: SharedLinks,
      inject: [Config],
      useFactory: ({ redis }: Config) =>
        new SharedLinks(new Link(connect(redis, 'commands')), new Link(connect(redis, 'producer'))),
    },
  ],
  exports: [SharedLinks],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(SharedLinks) private readonly links: SharedLinks) {}

  async onApplicationShutdown(): Promise<void> {
    await this.links.close();
  }
}
