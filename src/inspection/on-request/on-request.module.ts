import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { Config } from '../../config/config.js';
import { DamageDetector } from '../../damage/damage-detector.js';
import { DamageModule } from '../../damage/damage.module.js';
import { Slots } from '../../job/slots.js';
import { InspectionModule } from '../inspection.module.js';
import { RoadWatch } from '../road-watch.js';
import { DamageDetectionController } from './damage-detection.controller.js';
import { DetectOnRequestService } from './detect-on-request.service.js';
import { RoomGuard } from './room.guard.js';
import { Uploads } from './uploads.js';

/** Detectors look at the largest picture within some seconds, and Gemini answers within half a minute. */
const PICTURE_MS = 60_000;

/** Detection on request. Needs {@link Slots}, which the worker brings. */
@Module({
  imports: [
    InspectionModule,
    DamageModule,
    MulterModule.registerAsync({
      inject: [Config],
      useFactory: ({ detection }: Config) => ({
        limits: { fileSize: detection.uploadMaxBytes, files: 1, fields: 8, parts: 16, fieldSize: 1_024 },
      }),
    }),
  ],
  controllers: [DamageDetectionController],
  providers: [
    { provide: RoomGuard, inject: [Slots], useFactory: (slots: Slots) => new RoomGuard(slots) },
    { provide: Uploads, useFactory: () => new Uploads() },
    {
      provide: DetectOnRequestService,
      inject: [Slots, DamageDetector, RoadWatch, Config],
      useFactory: (slots: Slots, detector: DamageDetector, road: RoadWatch, { worker, capture }: Config) =>
        new DetectOnRequestService(
          {
            timeoutMs: worker.jobTimeoutMs,
            pictureMs: Math.min(worker.jobTimeoutMs, PICTURE_MS),
            maxSeconds: capture.maxSeconds,
          },
          slots,
          detector,
          road,
        ),
    },
  ],
})
export class OnRequestModule {}
