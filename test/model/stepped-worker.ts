import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job, Run } from '../../src/job/handler.js';
import { JobHandler } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import type { Outcome } from '../../src/job/outcome.js';
import { assemble, type Engine, type EngineSettings } from '../../src/worker/engine.js';
import type { PauseGate } from '../../src/worker/loop/admission.js';
import type { JobRun } from '../../src/worker/loop/job-run.js';
import type { Pool } from '../../src/worker/loop/pool.js';
import { silentEvents } from '../support/silent-events.js';
import { CONCURRENCY, RETRY, VISIBILITY_MS } from './promise.js';
import type { WatchedQueue } from './watched-queue.js';

const SETTINGS: EngineSettings = {
  ...{ concurrency: CONCURRENCY, retry: RETRY, visibilityMs: VISIBILITY_MS, jobTimeoutMs: VISIBILITY_MS },
  ...{ batchCount: 20, blockMs: 0, graceMs: 0 },
};

interface Gate {
  open: () => void;
  fail: (error: Error) => void;
}

/** Holds every job until the test says how it ends. */
class GatedHandler extends JobHandler {
  readonly kind = 'model';
  readonly gates = new Map<Run, Gate>();

  parse(payload: RawPayload, entryId: string): Job {
    const text = (name: string): string => String(payload[payload.findIndex((field) => String(field) === name) + 1]);
    const prior = Number(text('attempt'));
    return { jobId: text('jobId'), cctvId: entryId, enqueuedAt: 0, priorAttempts: prior };
  }

  handle(_job: Job, run: Run): Promise<void> {
    return new Promise((open, fail) => {
      this.gates.set(run, { open, fail });
      run.signal.addEventListener('abort', () => fail(run.signal.reason as Error));
    });
  }
}

/**
 * The engine as it ships, but for four things: the test takes the rounds of its loop one by one, each round looks for
 * what is due again, its jobs end when the test says so, and its leases are renewed when the test says so (its queue is
 * never opened, so no thread does).
 */
export class SteppedWorker {
  private readonly handler = new GatedHandler();
  private readonly engine: Engine;
  private readonly onSettled = new Map<JobRun, (outcome: Outcome) => void>();

  constructor(readonly queue: WatchedQueue) {
    const events = silentEvents({ settled: (run, outcome) => this.onSettled.get(run)?.(outcome) });
    this.engine = assemble(SETTINGS, queue, this.handler, events, { lookEveryMs: 0 });
  }

  get pause(): PauseGate {
    return this.engine.pause;
  }

  get pool(): Pool {
    return this.engine.pool;
  }

  /** One round of the loop, and the end of all that ended in it by itself. Gives what its look brought. */
  async turn(): Promise<{ rescued: string[]; trimmed: string[] }> {
    await this.engine.worker.turn();
    while (this.engine.inHand.list().some((run) => !this.handler.gates.has(run) || run.abortReason !== undefined)) {
      await nextTurn();
    }
    const { deliveries, trimmed } = this.queue.lastRescue;
    return { rescued: deliveries.map(({ lane, entryId }) => `${lane} ${entryId}`), trimmed };
  }

  /** Ends a run: well, or with an error. Gives what became of it. */
  async finish(lane: string, id: string, name: string, error?: Error): Promise<Outcome['kind']> {
    const isIt = ({ delivery, job }: JobRun): boolean =>
      delivery.lane === lane && delivery.entryId === id && job?.jobId === name;
    const run = this.engine.inHand.list().find(isIt) as JobRun;
    const settled = new Promise<Outcome>((resolve) => this.onSettled.set(run, resolve));
    const gate = this.handler.gates.get(run) as Gate;
    if (error === undefined) gate.open();
    else gate.fail(error);
    return (await settled).kind;
  }

  /** Stops as on SIGTERM with no time to wait: gives back what it runs and leaves. */
  async stop(): Promise<void> {
    await this.engine.worker.drain();
    await this.queue.close();
  }

  /** What it runs: entry, job and attempt, sorted. */
  runs(): string[] {
    return this.engine.inHand
      .list()
      .map(({ delivery: { lane, entryId }, job, attempt }) => `${lane} ${entryId} ${job?.jobId} attempt ${attempt}`)
      .sort();
  }
}
