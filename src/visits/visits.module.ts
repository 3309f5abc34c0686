import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { Config } from '../config/config.js';
import { RedisVisitIndex } from '../damage/memory/visits/redis-visit-index.js';
import { VisitMemory } from '../damage/memory/visits/visit-memory.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { CameraLooks } from '../ledger/looks/camera-looks.js';
import { SharedLinks } from '../redis/redis.module.js';
import { ThreadPool } from '../threads/thread-pool.js';
import { Alignments } from './alignments.js';
import { VisitMarks } from './visit-marks.js';
import { VisitPictures } from './visit-pictures.js';
import { VisitsController } from './visits.controller.js';

/** Threads of their own, so that whoever looks at pictures takes none from a job. */
const THREADS = 2;
const THREADS_OF_VISITS = Symbol('THREADS_OF_VISITS');

/** What each visit of a camera saw, whichever process looked. */
@Module({
  imports: [LedgerModule, ArtifactsModule],
  controllers: [VisitsController],
  providers: [
    { provide: VisitMemory, inject: [SharedLinks, ArtifactStore, Config], useFactory: memory },
    {
      provide: VisitPictures,
      inject: [CameraLooks, VisitMemory, ArtifactStore],
      useFactory: (looks: CameraLooks, visits: VisitMemory, store: ArtifactStore) =>
        new VisitPictures(looks, visits, store),
    },
    {
      provide: VisitMarks,
      inject: [CameraLooks, ArtifactStore],
      useFactory: (looks: CameraLooks, store: ArtifactStore) => new VisitMarks(looks, store),
    },
    { provide: THREADS_OF_VISITS, useFactory: () => new VisitThreads(new ThreadPool(THREADS)) },
    {
      provide: Alignments,
      inject: [VisitPictures, THREADS_OF_VISITS],
      useFactory: (pictures: VisitPictures, { pool }: VisitThreads) => new Alignments(pictures, pool),
    },
  ],
})
export class VisitsModule {}

/** Ends with the process. */
class VisitThreads implements OnApplicationShutdown {
  constructor(readonly pool: ThreadPool) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}

function memory({ prompt }: SharedLinks, store: ArtifactStore, { queue, storage }: Config): VisitMemory {
  return new VisitMemory(new RedisVisitIndex(prompt, queue.stream), store, storage.prefix);
}
