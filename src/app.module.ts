import { Module, type DynamicModule } from '@nestjs/common';
import { minutes, ThrottlerModule } from '@nestjs/throttler';
import { AssessmentModule } from './assessment/assessment.module.js';
import { InspectionTasksModule } from './assessment/inspection-tasks.module.js';
import { CamerasModule } from './cameras/cameras.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config, RolesConfig } from './config/config.js';
import { HealthModule } from './health/health.module.js';
import { BodyTypeGuard } from './http/body-type.guard.js';
import { ErrorFilter } from './http/error.filter.js';
import { IndexController } from './http/index.controller.js';
import { InspectionModule } from './inspection/inspection.module.js';
import { OnRequestModule } from './inspection/on-request/on-request.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { LogModule } from './log/log.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import type { EnginePlan } from './worker/engine.module.js';
import { RecordingModule } from './recording/recording.module.js';
import { ScheduleModule } from './schedule/schedule.module.js';
import { WorkerModule } from './worker/worker.module.js';

/** Control calls per client and minute. */
const CONTROL_CALLS_PER_MINUTE = 120;

/** A kind of job and the role that runs it. */
export interface RoleEngine extends EnginePlan {
  readonly role: keyof RolesConfig;
}

/** Every kind of job there is. */
export const ENGINES: readonly RoleEngine[] = [
  { kind: 'inspection', role: 'inspect', module: InspectionModule },
  { kind: 'assessment', role: 'assess', module: AssessmentModule },
];

/** The composition root. */
@Module({})
export class AppModule {
  /** @param engines the kinds of jobs that can be run; the roles say which are */
  static with(config: Config, engines: readonly RoleEngine[] = ENGINES): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        LogModule,
        MetricsModule,
        CamerasModule,
        ThrottlerModule.forRoot([{ ttl: minutes(1), limit: CONTROL_CALLS_PER_MINUTE }]),
        WorkerModule.running(engines.filter(({ role }) => config.roles[role])),
        LedgerModule,
        ...(config.roles.assess && config.assessment.on !== 'never' ? [InspectionTasksModule] : []),
        OnRequestModule,
        ...(config.roles.schedule ? [RecordingModule, ScheduleModule] : []),
        HealthModule,
      ],
      controllers: [IndexController],
      providers: [ErrorFilter, BodyTypeGuard],
    };
  }
}
