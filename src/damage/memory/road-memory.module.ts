import { Module } from '@nestjs/common';
import { ArtifactStore } from '../../artifacts/artifact-store.js';
import { ArtifactsModule } from '../../artifacts/artifacts.module.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import { ThreadsModule } from '../../threads/threads.module.js';
import { Config } from '../../config/config.js';
import { LOG, type Log } from '../../log/log.js';
import { SharedLinks } from '../../redis/redis.module.js';
import { RedisVisitIndex } from './visits/redis-visit-index.js';
import { VisitMemory } from './visits/visit-memory.js';
import { RoadMemory } from './road-memory.js';

/** What is remembered of cameras' roads. Connects with the first job. */
@Module({
  imports: [ArtifactsModule, ThreadsModule],
  providers: [
    {
      provide: VisitMemory,
      inject: [SharedLinks, ArtifactStore, Config],
      useFactory: ({ patient }: SharedLinks, store: ArtifactStore, { queue, storage }: Config) =>
        new VisitMemory(new RedisVisitIndex(patient, queue.stream), store, storage.prefix),
    },
    {
      provide: RoadMemory,
      inject: [VisitMemory, Config, LOG, ThreadPool],
      useFactory: (memory: VisitMemory, { cameras }: Config, log: Log, threads: ThreadPool) =>
        new RoadMemory(memory, cameras.visitsKept, log, threads),
    },
  ],
  exports: [RoadMemory],
})
export class RoadMemoryModule {}
