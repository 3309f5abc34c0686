import { Module, type DynamicModule } from '@nestjs/common';
import { minutes, ThrottlerModule } from '@nestjs/throttler';
import { InspectionTasksModule } from './assessment/tasks/inspection-tasks.module.js';
import { CamerasModule } from './cameras/cameras.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Config } from './config/config.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { EventsModule } from './events/events.module.js';
import { FindingsModule } from './findings/findings.module.js';
import { HealthModule } from './health/health.module.js';
import { AccessModule } from './http/access/access.module.js';
import { BodyTypeGuard } from './http/body-type.guard.js';
import { ErrorFilter } from './http/error.filter.js';
import { IndexController } from './http/index.controller.js';
import { OnRequestModule } from './inspection/on-request/on-request.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { LogModule } from './log/log.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { KINDS, kindsIn, specsOf, type Kind } from './kinds.js';
import { QueueModule } from './queue/queue.module.js';
import type { EnginePlan } from './worker/engine.module.js';
import { RelayModule } from './relay/relay.module.js';
import { RecordedModule } from './recording/api/recorded.module.js';
import { RecordingModule } from './recording/recording.module.js';
import { ScheduleModule } from './schedule/schedule.module.js';
import { TracingModule } from './tracing/tracing.module.js';
import { VisitsModule } from './visits/visits.module.js';
import { WebhooksApiModule } from './webhooks/api/webhooks-api.module.js';
import { WorkerModule } from './worker/worker.module.js';

/** Control calls per client and minute. */
const CONTROL_CALLS_PER_MINUTE = 120;

/** The composition root. */
@Module({})
export class AppModule {
  /** @param known the kinds of jobs that can be run; the roles say which are */
  static async with(config: Config, known: readonly Kind[] = KINDS): Promise<DynamicModule> {
    const kinds = kindsIn(config, known);
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        LogModule,
        TracingModule,
        MetricsModule,
        CamerasModule,
        ThrottlerModule.forRoot([{ ttl: minutes(1), limit: CONTROL_CALLS_PER_MINUTE }]),
        QueueModule.of(specsOf(config, kinds)),
        EventsModule.of(specsOf(config, kinds)),
        WorkerModule.running(await plansOf(config, kinds), specsOf(config, kinds)),
        AccessModule,
        LedgerModule,
        VisitsModule,
        RecordedModule,
        FindingsModule,
        JobsModule.of(kinds),
        ...(config.roles.assess && config.assessment.on !== 'never' ? [InspectionTasksModule] : []),
        OnRequestModule,
        ...(config.roles.schedule ? [RecordingModule, ScheduleModule] : []),
        ...(config.roles.relay ? [await RelayModule.with(config, kinds)] : []),
        WebhooksApiModule,
        HealthModule,
        DashboardModule,
      ],
      controllers: [IndexController],
      providers: [ErrorFilter, BodyTypeGuard],
    };
  }
}

/** The kinds that the roles of this process include. */
async function plansOf(config: Config, kinds: readonly Kind[]): Promise<EnginePlan[]> {
  const here = kinds.filter(({ spec }) => spec(config).runsHere);
  return Promise.all(here.map(async ({ spec, load }) => ({ spec: spec(config), module: await load() })));
}
