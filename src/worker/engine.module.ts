import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Config } from '../config/config.js';
import { JobHandler } from '../job/handler.js';
import type { KindSpec } from '../job/kind.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { makeQueue } from '../queue/make-queue.js';
import { RedisClock } from '../redis/redis-clock.js';
import { SharedLinks } from '../redis/redis.module.js';
import { NoTracer, Tracer } from '../tracing/tracer.js';
import { BreakerStore } from './breaker/breaker-store.js';
import { RECEIVERS } from './breaker/camera-breaker.js';
import { assemble, type EngineOptions, type EngineSettings } from './engine.js';
import type { RunningEngine } from './engines.js';
import { GpuGuard } from './gpu/gpu-guard.js';
import { SharedPartsModule } from './shared-parts.module.js';
import { RunTraces } from './telling/run-traces.js';
import { LoggedEvents } from './watch/logged-events.js';
import { QueueMonitor } from './watch/queue-monitor.js';
import { RedisOutages } from './watch/redis-outages.js';

/** A kind of job that a process is to run. */
export interface EnginePlan {
  readonly spec: KindSpec;
  /** Exports the {@link JobHandler} of the kind. */
  readonly module: Type | DynamicModule;
}

const ENGINE_NEEDS = [Config, JobHandler, SharedLinks, GpuGuard, LOG, Metrics, RedisOutages, RedisClock, Tracer];

/** The token of the {@link RunningEngine} of a kind. */
export function engineOf(kind: string): string {
  return `ENGINE:${kind}`;
}

/** One engine. Each has a module of its own, since each has its own {@link JobHandler}. */
@Module({})
export class EngineModule {
  static running({ spec, module }: EnginePlan): DynamicModule {
    const token = engineOf(spec.kind);
    return {
      module: EngineModule,
      imports: [SharedPartsModule, module],
      providers: [{ provide: token, inject: ENGINE_NEEDS, useFactory: maker(spec) }],
      exports: [token],
    };
  }
}

function maker(spec: KindSpec) {
  return (
    config: Config,
    handler: JobHandler,
    links: SharedLinks,
    gpu: GpuGuard,
    log: Log,
    metrics: Metrics,
    outages: RedisOutages,
    clock: RedisClock,
    tracer: Tracer,
  ): RunningEngine => {
    const queue = makeQueue(config, spec, clock);
    const events = new LoggedEvents(log, metrics, spec, outages, clock);
    const options = { ...gpuGate(spec, gpu), ...breakerOf(spec, config, links), ...tracesOf(spec, tracer) };
    const engine = assemble(engineSettings(config, spec), queue, handler, events, options);
    if (spec.needs.gpu === true) gpu.onChange(() => engine.worker.reconsider());
    return { spec, engine, monitor: new QueueMonitor(queue) };
  };
}

function gpuGate({ needs }: KindSpec, gpu: GpuGuard): EngineOptions {
  return needs.gpu === true ? { gates: [gpu] } : {};
}

/** A run costs no more than a look where nobody asked for traces. */
function tracesOf({ kind, queue }: KindSpec, tracer: Tracer): EngineOptions {
  return tracer instanceof NoTracer ? {} : { traces: new RunTraces(tracer, { kind, group: queue.group }) };
}

/** Cameras fail where they are watched, receivers where they are called. */
function breakerOf(spec: KindSpec, config: Config, links: SharedLinks): EngineOptions {
  const { needs, queue, longestRunMs, patience } = spec;
  if (needs.cameras !== true && needs.receivers !== true) return {};
  const store = new BreakerStore(links.patient.connection, queue);
  const words = needs.receivers === true ? { words: RECEIVERS } : {};
  const giveUpAfterMs = patience?.giveUpAfterMs ?? config.breaker.giveUpAfterMs;
  return { breaker: { store, settings: { ...config.breaker, giveUpAfterMs, probeMs: longestRunMs, ...words } } };
}

function engineSettings({ worker, queue, breaker }: Config, spec: KindSpec): EngineSettings {
  const { concurrency, maxRetry, timeoutMs, timeoutVariable, patience } = spec;
  return {
    concurrency,
    batchCount: queue.batchCount,
    blockMs: queue.blockMs,
    visibilityMs: queue.visibilityMs,
    graceMs: worker.shutdownGraceMs,
    jobTimeoutMs: timeoutMs,
    timeoutVariable,
    retry: {
      maxRetry,
      baseMs: worker.retryBaseMs,
      capMs: patience?.longestDelayMs ?? queue.visibilityMs,
      patienceMs: patience?.giveUpAfterMs ?? breaker.giveUpAfterMs,
    },
  };
}
