import { hostname } from 'node:os';
import { heldBack, isClaiming } from '../engine.js';
import { concurrencyOf, stateOf } from '../engine-status.js';
import type { RunningEngine } from '../engines.js';
import type { JobRun } from '../loop/job-run.js';

/** A job in hand, as others see it. */
export interface ReportedJob {
  readonly jobId: string;
  readonly cctvId: string | null;
  readonly step: string | null;
  /** 0..1 */
  readonly progress: number;
  readonly message: string;
  readonly attempt: number;
  readonly ageMs: number;
}

/** How a worker says it is: a process as far as it runs one kind of job. */
export interface WorkerReport {
  /** Its name in the group, unique to the process. */
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly version: string;
  /** What its process does. */
  readonly roles: readonly string[];
  readonly state: 'running' | 'paused' | 'draining';
  readonly claiming: boolean;
  /** Jobs at once. */
  readonly limit: number;
  readonly inUse: number;
  readonly heldBackBecause: readonly string[];
  /** The oldest first; at most {@link MOST_REPORTED}. */
  readonly jobs: readonly ReportedJob[];
  /** How late its event loop ran, ms: the 99th percentile of the last two minutes. */
  readonly loopDelayMs: number;
}

/** What is the same for all workers of a process. */
export interface ProcessFacts {
  readonly version: string;
  readonly roles: readonly string[];
  /** ms */
  readonly loopDelayMs: () => number;
}

/** A worker may run 64 jobs at once; work that is not settled yet comes on top. */
const MOST_REPORTED = 64;

/** How an engine is now. @param now ms since the epoch, by this machine's clock */
export function reportOf(
  { spec, engine }: Pick<RunningEngine, 'spec' | 'engine'>,
  { version, roles, loopDelayMs }: ProcessFacts,
  now: number,
): WorkerReport {
  return {
    name: engine.queue.consumer,
    kind: spec.kind,
    host: hostname(),
    version,
    roles,
    state: stateOf(engine),
    claiming: isClaiming(engine),
    ...concurrencyOf(engine),
    heldBackBecause: heldBack(engine),
    jobs: engine.inHand
      .list()
      .slice(0, MOST_REPORTED)
      .map((run) => reportedJob(run, now)),
    loopDelayMs: loopDelayMs(),
  };
}

function reportedJob(run: JobRun, now: number): ReportedJob {
  const { job, delivery, currentStep, progress, message, attempt, startedAt } = run;
  return {
    jobId: job?.jobId ?? delivery.sourceId,
    cctvId: job?.cctvId ?? null,
    step: currentStep ?? null,
    progress: Math.round(progress * 1_000) / 1_000,
    message,
    attempt,
    ageMs: now - startedAt,
  };
}
