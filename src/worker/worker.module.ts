import { Module, type DynamicModule } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Config, type RolesConfig } from '../config/config.js';
import { EventFeed } from '../events/event-feed.js';
import type { KindSpec } from '../job/kind.js';
import { Slots } from '../job/slots.js';
import { VERSION } from './fleet/version.js';
import { EventLoopDelay } from '../metrics/event-loop-delay.js';
import { Metrics } from '../metrics/metrics.js';
import { AllQueueNumbers } from '../queue/numbers/all-numbers.js';
import { RedisPing } from '../redis/redis-ping.js';
import { SharedLinks } from '../redis/redis.module.js';
import { ControlController } from './api/control.controller.js';
import { OldDeadLettersController } from './api/old-dead-letters.controller.js';
import { MetricsController } from './api/metrics.controller.js';
import { StatusController } from './api/status.controller.js';
import { EngineModule, engineOf, type EnginePlan } from './engine.module.js';
import { Engines, type RunningEngine } from './engines.js';
import { FleetBook } from './fleet/fleet-book.js';
import { Fleet } from './fleet/fleet.js';
import { Heartbeats } from './fleet/heartbeats.js';
import { WorkersController } from './fleet/workers.controller.js';
import { GpuGuard } from './gpu/gpu-guard.js';
import { NoSlots } from './no-slots.js';
import { SharedPartsModule } from './shared-parts.module.js';
import { WorkerMetrics } from './watch/worker-metrics.js';
import { WorkerService } from './worker.service.js';

const FLEET_BOOKS = Symbol('FLEET_BOOKS');
const SERVICE_NEEDS = [Engines, GpuGuard, RedisPing, Config, Heartbeats, EventFeed];

/** The worker: an engine for each kind of job that this process runs, and what answers for all of them. */
@Module({})
export class WorkerModule {
  /**
   * @param plans without one it runs no job; status, metrics and dead letters are there all the same
   * @param specs all kinds that there are
   */
  static running(plans: readonly EnginePlan[], specs: readonly KindSpec[]): DynamicModule {
    const kinds = specs.map(({ kind }) => kind);
    return {
      module: WorkerModule,
      // Work on request, wherever it comes from, stands in line for the same slots.
      global: true,
      imports: [SharedPartsModule, ...plans.map((plan) => EngineModule.running(plan))],
      controllers: [
        ControlController,
        OldDeadLettersController,
        StatusController,
        MetricsController,
        WorkersController,
      ],
      providers: [
        {
          provide: Engines,
          inject: plans.map(({ spec }) => engineOf(spec.kind)),
          useFactory: (...running: RunningEngine[]) => new Engines(running, kinds),
        },
        { provide: Slots, inject: [Engines], useFactory: slotsOf },
        { provide: FLEET_BOOKS, inject: [SharedLinks], useFactory: (links: SharedLinks) => booksOf(specs, links) },
        { provide: Fleet, inject: [FLEET_BOOKS], useFactory: (books: FleetBook[]) => new Fleet(books) },
        { provide: Heartbeats, inject: [Engines, FLEET_BOOKS, Config, EventLoopDelay], useFactory: heartbeats },
        { provide: WorkerService, inject: SERVICE_NEEDS, useFactory: serve },
        {
          provide: WorkerMetrics,
          inject: [Metrics, Engines, GpuGuard, EventLoopDelay, Clock, AllQueueNumbers],
          useFactory: measure,
        },
      ],
      exports: [Engines, Slots, WorkerService],
    };
  }
}

function slotsOf({ all }: Engines): Slots {
  return all.find(({ spec }) => spec.needs.sharesSlots === true)?.engine.pool ?? new NoSlots();
}

function serve(
  engines: Engines,
  gpu: GpuGuard,
  redis: RedisPing,
  { roles }: Config,
  beats: Heartbeats,
  feed: EventFeed,
): WorkerService {
  return new WorkerService(engines, gpu, redis, namesOf(roles), beats, feed);
}

function booksOf(specs: readonly KindSpec[], { prompt }: SharedLinks): FleetBook[] {
  return specs.map(({ kind, queue }) => new FleetBook(prompt, kind, queue.lanes.at(-1) as string));
}

function heartbeats(
  { all }: Engines,
  books: readonly FleetBook[],
  { roles }: Config,
  eventLoop: EventLoopDelay,
): Heartbeats {
  const loopDelayMs = (): number => Math.round(eventLoop.percentile(99) * 1_000);
  const bookOf = (kind: string) => books.find((book) => book.kind === kind) as FleetBook;
  return new Heartbeats(all, bookOf, { version: VERSION, roles: namesOf(roles), loopDelayMs });
}

function namesOf(roles: RolesConfig): string[] {
  return Object.entries(roles).flatMap(([role, isOn]) => (isOn === true ? [role] : []));
}

function measure(...parts: ConstructorParameters<typeof WorkerMetrics>): WorkerMetrics {
  return new WorkerMetrics(...parts);
}
