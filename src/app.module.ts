import { Module, type DynamicModule } from '@nestjs/common';
import { minutes, ThrottlerModule } from '@nestjs/throttler';
import { CamerasModule } from './cameras/cameras.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.js';
import { HealthModule } from './health/health.module.js';
import { ErrorFilter } from './http/error.filter.js';
import { IndexController } from './http/index.controller.js';
import { InspectionModule } from './inspection/inspection.module.js';
import { OnRequestModule } from './inspection/on-request/on-request.module.js';
import { LogModule } from './log/log.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { WorkerModule } from './worker/worker.module.js';

/** Control calls per client and minute. */
const CONTROL_CALLS_PER_MINUTE = 120;

/** The composition root. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        LogModule,
        MetricsModule,
        CamerasModule,
        ThrottlerModule.forRoot([{ ttl: minutes(1), limit: CONTROL_CALLS_PER_MINUTE }]),
        WorkerModule.running([InspectionModule]),
        OnRequestModule,
        HealthModule,
      ],
      controllers: [IndexController],
      providers: [ErrorFilter],
    };
  }
}
