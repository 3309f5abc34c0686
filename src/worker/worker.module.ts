import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { Config } from '../config/config.js';
import { JobHandler } from '../job/handler.js';
import { Slots } from '../job/slots.js';
import { LOG, type Log } from '../log/log.js';
import { EventLoopDelay } from '../metrics/event-loop-delay.js';
import { Metrics } from '../metrics/metrics.js';
import { BreakerStore } from '../queue/breaker-store.js';
import { JobQueue } from '../queue/job-queue.js';
import { longestRunMs, QueueModule } from '../queue/queue.module.js';
import { ControlController } from './api/control.controller.js';
import { DeadLettersController } from './api/dead-letters.controller.js';
import { MetricsController } from './api/metrics.controller.js';
import { StatusController } from './api/status.controller.js';
import { assemble, type Engine, type EngineSettings } from './engine.js';
import { GpuGuard } from './gpu/gpu-guard.js';
import { LoggedEvents } from './logged-events.js';
import { QueueMonitor } from './queue-monitor.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerService } from './worker.service.js';

const ENGINE = Symbol('ENGINE');
const ENGINE_NEEDS = [Config, JobQueue, JobHandler, BreakerStore, GpuGuard, LOG, Metrics];
const BYTES_PER_MB = 1024 * 1024;

/** The worker: one engine that runs the jobs of a handler. */
@Module({})
export class WorkerModule {
  /** `imports` bring the {@link JobHandler}. */
  static running(imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: WorkerModule,
      // Work on request, wherever it comes from, stands in line for the same slots.
      global: true,
      imports: [QueueModule, ...imports],
      controllers: [ControlController, DeadLettersController, StatusController, MetricsController],
      providers: [
        { provide: GpuGuard, inject: [Config], useFactory: guardGpu },
        { provide: ENGINE, inject: ENGINE_NEEDS, useFactory: assembleEngine },
        { provide: Slots, inject: [ENGINE], useFactory: ({ pool }: Engine) => pool },
        { provide: QueueMonitor, inject: [JobQueue], useFactory: (queue: JobQueue) => new QueueMonitor(queue) },
        { provide: WorkerService, inject: [ENGINE, GpuGuard, QueueMonitor, Config], useFactory: serve },
        {
          provide: WorkerMetrics,
          inject: [Metrics, ENGINE, QueueMonitor, GpuGuard, EventLoopDelay],
          useFactory: measure,
        },
      ],
      exports: [Slots, WorkerService, QueueMonitor],
    };
  }
}

function guardGpu({ gpu }: Config): GpuGuard {
  return new GpuGuard(gpu.guard, gpu.minFreeBytes / BYTES_PER_MB);
}

function assembleEngine(
  config: Config,
  queue: JobQueue,
  handler: JobHandler,
  breakers: BreakerStore,
  gpu: GpuGuard,
  log: Log,
  metrics: Metrics,
): Engine {
  const engine = assemble(engineSettings(config), queue, handler, new LoggedEvents(log, metrics), {
    gates: [gpu],
    breaker: { store: breakers, settings: { ...config.breaker, probeMs: longestRunMs(config) } },
  });
  gpu.onChange(() => engine.worker.reconsider());
  return engine;
}

function engineSettings({ worker, queue }: Config): EngineSettings {
  return {
    concurrency: worker.concurrency,
    batchCount: queue.batchCount,
    blockMs: queue.blockMs,
    visibilityMs: queue.visibilityMs,
    graceMs: worker.shutdownGraceMs,
    jobTimeoutMs: worker.jobTimeoutMs,
    retry: { maxRetry: worker.maxRetry, baseMs: worker.retryBaseMs, capMs: queue.visibilityMs },
  };
}

function serve(engine: Engine, gpu: GpuGuard, monitor: QueueMonitor, { queue }: Config): WorkerService {
  return new WorkerService(engine, gpu, monitor, queue.group);
}

function measure(
  metrics: Metrics,
  engine: Engine,
  monitor: QueueMonitor,
  gpu: GpuGuard,
  eventLoop: EventLoopDelay,
): WorkerMetrics {
  return new WorkerMetrics(metrics, engine, monitor, gpu, eventLoop);
}
