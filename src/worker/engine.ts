import type { Job, JobHandler } from '../job/handler.js';
import type { RetryPolicy } from '../job/outcome.js';
import type { BreakerStore } from './breaker/breaker-store.js';
import type { JobQueue } from '../queue/job-queue.js';
import { Admission, GroupPauseGate, PauseGate, type Gate } from './loop/admission.js';
import { CameraBreaker, type BreakerSettings } from './breaker/camera-breaker.js';
import { Cancellations } from './loop/cancellations.js';
import { Executor } from './loop/executor.js';
import { Housekeeper } from './watch/housekeeper.js';
import { InHand } from './loop/in-hand.js';
import { LeaseWatch } from './watch/lease-watch.js';
import { Outage } from './watch/outage.js';
import { Pool } from './loop/pool.js';
import { lookEveryMs, Rescuer } from './loop/rescuer.js';
import { Reporter } from './telling/reporter.js';
import type { RunTraces } from './telling/run-traces.js';
import { Unsettled } from './loop/unsettled.js';
import type { WorkerEvents } from './loop/worker-events.js';
import { Worker, type WorkerSettings } from './loop/worker.js';

/** All that one engine needs to know. Times in ms. */
export interface EngineSettings extends WorkerSettings {
  /** Jobs at once, at the start. */
  concurrency: number;
  retry: RetryPolicy;
  jobTimeoutMs: number;
  /** The environment variable that sets it, for the sentence that ends a job. */
  timeoutVariable?: string;
  visibilityMs: number;
}

/** What an engine may have beyond the plain loop. */
export interface EngineOptions {
  gates?: readonly Gate[];
  /** Without it, a camera that fails is tried like any other. */
  breaker?: { store: BreakerStore; settings: BreakerSettings } | undefined;
  /** How often to look for deliveries that are due again, in ms. Without it, as the length of a lease asks for. */
  lookEveryMs?: number;
  /** Without it no run is traced. */
  traces?: RunTraces;
}

/** One running engine: a queue, a handler, and everything between them. */
export interface Engine {
  readonly queue: JobQueue;
  readonly handler: JobHandler;
  readonly pool: Pool;
  readonly inHand: InHand;
  readonly pause: PauseGate;
  readonly groupPause: GroupPauseGate;
  readonly admission: Admission;
  readonly breaker: CameraBreaker | undefined;
  readonly outage: Outage;
  readonly unsettled: Unsettled;
  readonly housekeeper: Housekeeper;
  readonly leases: LeaseWatch;
  readonly worker: Worker;
}

/** Whether new jobs are claimed now, given a free slot: not held back, not draining, and Redis is there. */
export function isClaiming({ admission, worker, outage }: Engine): boolean {
  return admission.open && !worker.isDraining && outage.startedAt === undefined;
}

/** Puts an engine together. It knows nothing of roads: a second kind of job is another queue and handler. */
export function assemble<J extends Job>(
  settings: EngineSettings,
  queue: JobQueue,
  handler: JobHandler<J>,
  events: WorkerEvents,
  {
    gates = [],
    breaker: breakerNeeds,
    lookEveryMs: lookEvery = lookEveryMs(settings.visibilityMs),
    traces,
  }: EngineOptions = {},
): Engine {
  const pool = new Pool(settings.concurrency);
  const pause = new PauseGate();
  const groupPause = new GroupPauseGate();
  const handlerGate = { closed: () => handler.heldBackBecause() };
  const unsettled = new Unsettled();
  const leasesGate = { closed: () => leasesRefused(queue) };
  const admission = new Admission([pause, groupPause, handlerGate, unsettled, leasesGate, ...gates]);
  const cancellations = new Cancellations(queue.clock);
  const inHand = new InHand(queue, settings.jobTimeoutMs, events, settings.timeoutVariable);
  const breaker = breakerNeeds && new CameraBreaker(breakerNeeds.store, breakerNeeds.settings, events, queue.clock);
  const reporter = new Reporter(queue, handler, inHand, settings.retry.maxRetry);
  const executor = new Executor(
    queue,
    handler,
    pool,
    inHand,
    cancellations,
    breaker,
    settings.retry,
    events,
    reporter,
    unsettled,
    traces,
  );
  const rescuer = new Rescuer(queue, inHand, groupPause, cancellations, lookEvery, events);
  const housekeeper = new Housekeeper(queue, events);
  const outage = new Outage(events);
  queue.onDisconnect((error) => outage.begin(error));
  queue.onGroupRemade((remade) => events.groupRemade(remade));
  const leases = new LeaseWatch(queue, inHand, outage, settings.visibilityMs, events);
  const parts = { queue, pool, inHand, executor, rescuer, admission, outage, housekeeper, leases, breaker, reporter };
  const worker = new Worker(settings, parts, events);
  return {
    ...{ queue, handler, pool, inHand, pause, groupPause, admission, breaker, outage, housekeeper, leases, worker },
    unsettled,
  };
}

/** Why nothing can be claimed or settled although Redis answers, a sentence each; empty while it does what it is asked. */
export function refusalsOf({ outage, unsettled, queue }: Pick<Engine, 'outage' | 'unsettled' | 'queue'>): string[] {
  return [outage.refusal, unsettled.closed(), leasesRefused(queue)].filter((sentence) => sentence !== undefined);
}

/** Why nothing is claimed; empty when jobs are. */
export function heldBack(engine: Engine): string[] {
  return [...new Set([...refusalsOf(engine), ...engine.admission.reasons()])];
}

/** A job whose lease cannot be renewed would be run by another worker, too. */
function leasesRefused({ renewals }: JobQueue): string | undefined {
  return renewals.refused
    ? `The leases of jobs cannot be renewed: no new one is claimed. ${renewals.failure ?? ''}`
    : undefined;
}
