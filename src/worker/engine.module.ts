import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Config } from '../config/config.js';
import { JobHandler } from '../job/handler.js';
import type { JobKind } from '../job/kind.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { BreakerStore } from '../queue/breaker-store.js';
import { RedisClock } from '../queue/redis/redis-clock.js';
import { longestRunMs, makeQueue, queueNames } from '../queue/queue.module.js';
import { assemble, type EngineOptions, type EngineSettings } from './engine.js';
import type { RunningEngine } from './engines.js';
import { GpuGuard } from './gpu/gpu-guard.js';
import { LoggedEvents } from './logged-events.js';
import { QueueMonitor } from './queue-monitor.js';
import { RedisOutages } from './redis-outages.js';
import { SharedPartsModule } from './shared-parts.module.js';

/** A kind of job that a process is to run. */
export interface EnginePlan {
  readonly kind: JobKind;
  /** Exports the {@link JobHandler} of the kind. */
  readonly module: Type | DynamicModule;
}

const ENGINE_NEEDS = [Config, JobHandler, BreakerStore, GpuGuard, LOG, Metrics, RedisOutages, RedisClock];

/** The token of the {@link RunningEngine} of a kind. */
export function engineOf(kind: JobKind): string {
  return `ENGINE:${kind}`;
}

/** One engine. Each has a module of its own, since each has its own {@link JobHandler}. */
@Module({})
export class EngineModule {
  static running({ kind, module }: EnginePlan): DynamicModule {
    return {
      module: EngineModule,
      imports: [SharedPartsModule, module],
      providers: [{ provide: engineOf(kind), inject: ENGINE_NEEDS, useFactory: maker(kind) }],
      exports: [engineOf(kind)],
    };
  }
}

function maker(kind: JobKind) {
  return (
    config: Config,
    handler: JobHandler,
    breakers: BreakerStore,
    gpu: GpuGuard,
    log: Log,
    metrics: Metrics,
    outages: RedisOutages,
    clock: RedisClock,
  ): RunningEngine => {
    const queue = makeQueue(config, kind, clock);
    const events = new LoggedEvents(log, metrics, kind, outages, clock);
    const options = kind === 'inspection' ? cameraOptions(config, gpu, breakers) : {};
    const engine = assemble(engineSettings(config, kind), queue, handler, events, options);
    if (kind === 'inspection') gpu.onChange(() => engine.worker.reconsider());
    return { kind, group: queueNames(config, kind).group, engine, monitor: new QueueMonitor(queue) };
  };
}

/** Only inspections need a GPU and cameras. */
function cameraOptions(config: Config, gpu: GpuGuard, store: BreakerStore): EngineOptions {
  const probeMs = longestRunMs(config, 'inspection');
  return { gates: [gpu], breaker: { store, settings: { ...config.breaker, probeMs } } };
}

function engineSettings({ worker, queue, assessment, breaker }: Config, kind: JobKind): EngineSettings {
  const { concurrency, maxRetry, jobTimeoutMs } = { inspection: worker, assessment }[kind];
  return {
    concurrency,
    batchCount: queue.batchCount,
    blockMs: queue.blockMs,
    visibilityMs: queue.visibilityMs,
    graceMs: worker.shutdownGraceMs,
    jobTimeoutMs,
    timeoutVariable: kind === 'assessment' ? 'ASSESS_TIMEOUT_SECONDS' : 'JOB_TIMEOUT_SECONDS',
    retry: { maxRetry, baseMs: worker.retryBaseMs, capMs: queue.visibilityMs, patienceMs: breaker.giveUpAfterMs },
  };
}
