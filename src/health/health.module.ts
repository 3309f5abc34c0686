import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { CaptureModule } from '../capture/capture.module.js';
import { GeminiModule } from '../gemini/gemini.module.js';
import { HealthController } from './health.controller.js';
import { FfmpegHealth } from './ffmpeg.health.js';
import { GeminiHealth } from './gemini.health.js';
import { RedisHealth } from './redis.health.js';
import { RelayHealth } from './relay.health.js';
import { ScheduleHealth } from './schedule.health.js';
import { StorageHealth } from './storage.health.js';
import { EndpointsModule } from '../webhooks/endpoints/endpoints.module.js';
import { WebhooksHealth } from './webhooks.health.js';
import { WorkerHealth } from './worker.health.js';

/** Whether the service works, for operators and orchestrators. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ArtifactsModule, CaptureModule, GeminiModule, EndpointsModule],
  controllers: [HealthController],
  providers: [
    RedisHealth,
    StorageHealth,
    FfmpegHealth,
    GeminiHealth,
    ScheduleHealth,
    RelayHealth,
    WebhooksHealth,
    WorkerHealth,
  ],
})
export class HealthModule {}
