import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ThreadPool } from './thread-pool.js';

/** The threads for all work on pictures: one pool for the process. */
@Module({
  providers: [{ provide: ThreadPool, useFactory: () => new ThreadPool() }],
  exports: [ThreadPool],
})
export class ThreadsModule implements OnApplicationShutdown {
  constructor(private readonly threads: ThreadPool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
  }
}
