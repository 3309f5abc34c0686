import { Module } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { BackgroundExtractor } from '../background/background-extractor.js';
import { ThreadPool } from '../threads/thread-pool.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { CaptureModule } from '../capture/capture.module.js';
import { GuardedCapture } from '../capture/guarded-capture.js';
import { Config } from '../config/config.js';
import { DamageDetector } from '../damage/damage-detector.js';
import { DamageModule } from '../damage/damage.module.js';
import { PictureWork } from '../damage/picture-work.js';
import { FindingsModule } from '../findings/findings.module.js';
import { VisitFindings } from '../findings/visit/visit-findings.js';
import { Clock } from '../lib/clock.js';
import { JobHandler } from '../job/handler.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { RoadMemory } from '../damage/memory/road-memory.js';
import { RoadMemoryModule } from '../damage/memory/road-memory.module.js';
import { InspectionMetrics } from './inspection-metrics.js';
import { InspectionHandler } from './inspection.handler.js';
import { RoadWatch } from './road-watch.js';

/** What a preprocess job is. */
@Module({
  imports: [
    ThreadsModule,
    CamerasModule,
    CaptureModule,
    RoadMemoryModule,
    FindingsModule,
    DamageModule,
    ArtifactsModule,
  ],
  providers: [
    {
      provide: RoadWatch,
      inject: [GuardedCapture, ThreadPool],
      useFactory: (capture: GuardedCapture, threads: ThreadPool) =>
        new RoadWatch(capture, new BackgroundExtractor(threads)),
    },
    {
      provide: JobHandler,
      inject: [
        ...[Config, RoadWatch, Cameras, RoadMemory, VisitFindings, DamageDetector, PictureWork, ArtifactStore],
        ...[Metrics, LOG, Clock],
      ],
      useFactory: handler,
    },
  ],
  exports: [JobHandler, RoadWatch],
})
export class InspectionModule {}

function handler(
  config: Config,
  road: RoadWatch,
  cameras: Cameras,
  memory: RoadMemory,
  findings: VisitFindings,
  detector: DamageDetector,
  pictures: PictureWork,
  store: ArtifactStore,
  metrics: Metrics,
  log: Log,
  clock: Clock,
): JobHandler {
  const settings = {
    prefix: config.storage.prefix,
    maxSeconds: config.capture.maxSeconds,
    maxRetry: config.worker.maxRetry,
    zone: config.queue.timeZone,
    warn: (warning: string) => log.warn(warning),
    clock,
  };
  return new InspectionHandler(
    settings,
    road,
    cameras,
    memory,
    findings,
    detector,
    pictures,
    store,
    new InspectionMetrics(metrics, config.metrics.maxCameras),
  );
}
