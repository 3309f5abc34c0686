import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job, Run } from '../../src/job/handler.js';
import { JobHandler } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import type { Outcome } from '../../src/job/outcome.js';
import { Admission, GroupPauseGate, PauseGate } from '../../src/worker/loop/admission.js';
import { Cancellations } from '../../src/worker/loop/cancellations.js';
import { Executor } from '../../src/worker/loop/executor.js';
import { Housekeeper } from '../../src/worker/watch/housekeeper.js';
import { InHand } from '../../src/worker/loop/in-hand.js';
import type { JobRun } from '../../src/worker/loop/job-run.js';
import { LeaseWatch } from '../../src/worker/watch/lease-watch.js';
import { Outage } from '../../src/worker/watch/outage.js';
import { Pool } from '../../src/worker/loop/pool.js';
import { Rescuer } from '../../src/worker/loop/rescuer.js';
import { Worker } from '../../src/worker/loop/worker.js';
import { silentEvents } from '../support/silent-events.js';
import { CONCURRENCY, RETRY, VISIBILITY_MS } from './promise.js';
import type { WatchedQueue } from './watched-queue.js';

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
 * A worker as it ships, but for three things: the test takes the rounds of its loop one by one, its jobs end when the
 * test says so, and its leases are renewed when the test says so (its queue is never opened, so no thread does).
 */
export class SteppedWorker {
  readonly pause = new PauseGate();
  readonly pool = new Pool(CONCURRENCY);
  private readonly handler = new GatedHandler();
  private readonly groupPause = new GroupPauseGate();
  private readonly inHand: InHand;
  private readonly worker: Worker;
  private readonly onSettled = new Map<JobRun, (outcome: Outcome) => void>();

  constructor(readonly queue: WatchedQueue) {
    const events = silentEvents({ settled: (run, outcome) => this.onSettled.get(run)?.(outcome) });
    const cancellations = new Cancellations(queue.clock);
    this.inHand = new InHand(queue, VISIBILITY_MS, events);
    const executor = new Executor(queue, this.handler, this.pool, this.inHand, cancellations, undefined, RETRY, events);
    const outage = new Outage(events);
    this.worker = new Worker(
      { batchCount: 20, blockMs: 0, graceMs: 0 },
      {
        queue,
        executor,
        pool: this.pool,
        inHand: this.inHand,
        rescuer: new Rescuer(queue, this.inHand, this.groupPause, cancellations, 0, events),
        admission: new Admission([this.pause, this.groupPause]),
        outage,
        housekeeper: new Housekeeper(queue, events),
        leases: new LeaseWatch(queue, this.inHand, outage, VISIBILITY_MS, events),
        breaker: undefined,
      },
      events,
    );
  }

  /** One round of the loop, and the end of all that ended in it by itself. Gives what its look brought. */
  async turn(): Promise<{ rescued: string[]; trimmed: string[] }> {
    await this.worker.turn();
    while (this.inHand.list().some((run) => !this.handler.gates.has(run) || run.abortReason !== undefined)) {
      await nextTurn();
    }
    const { deliveries, trimmed } = this.queue.lastRescue;
    return { rescued: deliveries.map(({ lane, entryId }) => `${lane} ${entryId}`), trimmed };
  }

  /** Ends a run: well, or with an error. Gives what became of it. */
  async finish(lane: string, id: string, name: string, error?: Error): Promise<Outcome['kind']> {
    const isIt = ({ delivery, job }: JobRun): boolean =>
      delivery.lane === lane && delivery.entryId === id && job?.jobId === name;
    const run = this.inHand.list().find(isIt) as JobRun;
    const settled = new Promise<Outcome>((resolve) => this.onSettled.set(run, resolve));
    const gate = this.handler.gates.get(run) as Gate;
    if (error === undefined) gate.open();
    else gate.fail(error);
    return (await settled).kind;
  }

  /** Stops as on SIGTERM with no time to wait: gives back what it runs and leaves. */
  async stop(): Promise<void> {
    await this.worker.drain();
    await this.queue.close();
  }

  /** What it runs: entry, job and attempt, sorted. */
  runs(): string[] {
    return this.inHand
      .list()
      .map(({ delivery: { lane, entryId }, job, attempt }) => `${lane} ${entryId} ${job?.jobId} attempt ${attempt}`)
      .sort();
  }
}
