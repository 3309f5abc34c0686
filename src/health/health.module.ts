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
import { WorkerHealth } from './worker.health.js';

/** Whether the service works, for operators and orchestrators. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ArtifactsModule, CaptureModule, GeminiModule],
  controllers: [HealthController],
  providers: [RedisHealth, StorageHealth, FfmpegHealth, GeminiHealth, ScheduleHealth, RelayHealth, WorkerHealth],
})
export class HealthModule {}
