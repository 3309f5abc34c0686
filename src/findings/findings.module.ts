import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { SharedLinks } from '../redis/redis.module.js';
import { FindingExportsController } from './api/finding-exports.controller.js';
import { FindingsController } from './api/findings.controller.js';
import { FindingBook } from './book/finding-book.js';
import { KnownFindings } from './book/known-findings.js';
import { CountedReviews } from './review/counted-reviews.js';
import { FindingDesk } from './review/finding-desk.js';
import { FindingList } from './review/finding-list.js';
import { ReviewKeeper } from './review/review-keeper.js';
import { ReviewsFile } from './review/reviews-file.js';
import { VisitFindings } from './visit/visit-findings.js';

/** What inspections find again and again, and what people say of it. */
@Module({
  imports: [ArtifactsModule, CamerasModule],
  controllers: [FindingsController, FindingExportsController],
  providers: [
    {
      provide: KnownFindings,
      inject: [SharedLinks, ArtifactStore, Config],
      useFactory: ({ prompt }: SharedLinks, store: ArtifactStore, { queue, storage }: Config) =>
        new KnownFindings(new FindingBook(prompt, queue.stream), new ReviewsFile(store, storage.prefix)),
    },
    {
      provide: ReviewKeeper,
      inject: [KnownFindings, LOG, Cameras],
      useFactory: (known: KnownFindings, log: Log, cameras: Cameras) =>
        new ReviewKeeper(
          known,
          log,
          cameras.all.map(({ cctvId }) => cctvId),
        ),
    },
    {
      provide: VisitFindings,
      inject: [KnownFindings, ReviewKeeper, LOG],
      useFactory: (known: KnownFindings, keeper: ReviewKeeper, log: Log) => new VisitFindings(known, keeper, log),
    },
    {
      provide: FindingList,
      inject: [KnownFindings, Cameras],
      useFactory: (known: KnownFindings, cameras: Cameras) => new FindingList(known, cameras),
    },
    {
      provide: FindingDesk,
      inject: [KnownFindings, ReviewKeeper, Metrics],
      useFactory: (known: KnownFindings, keeper: ReviewKeeper, metrics: Metrics) =>
        new FindingDesk(known, keeper, new CountedReviews(metrics)),
    },
  ],
  exports: [VisitFindings, FindingList],
})
export class FindingsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(ReviewKeeper) private readonly keeper: ReviewKeeper) {}

  onApplicationBootstrap(): void {
    this.keeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.keeper.stop();
  }
}
