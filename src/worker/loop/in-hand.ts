import { CancelledError, LeaseLostError, StoppingError, TransientStepError, type JobError } from '../../job/errors.js';
import { type Delivery, type Holdings, type JobQueue, type Standing } from '../../queue/job-queue.js';
import type { Cancellations } from './cancellations.js';
import type { JobRun } from './job-run.js';
import type { WorkerEvents } from './worker-events.js';

/** Deadlines are looked at this often. ms */
const SWEEP_EVERY_MS = 1_000;

/** The runs of this worker that are not settled yet, and all that can end one from outside: deadline, lease, stop. */
export class InHand {
  private readonly runs = new Set<JobRun>();
  /** The last run of each entry that is in hand. */
  private readonly byEntry = new Map<string, JobRun>();
  private sweep: NodeJS.Timeout | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly jobTimeoutMs: number,
    private readonly events: Pick<WorkerEvents, 'entryGone'>,
    private readonly timeoutVariable = 'JOB_TIMEOUT_SECONDS',
  ) {
    queue.onRenewal((holdings) => void this.checkLeases(holdings));
  }

  /** Starts to watch deadlines. One timer serves all jobs. */
  watch(): void {
    this.sweep = setInterval(() => this.endOverdue(), SWEEP_EVERY_MS);
  }

  unwatch(): void {
    clearInterval(this.sweep);
  }

  add(run: JobRun): void {
    this.runs.add(run);
    this.byEntry.set(entryOf(run.delivery), run);
  }

  remove(run: JobRun): void {
    this.runs.delete(run);
    const entry = entryOf(run.delivery);
    if (this.byEntry.get(entry) === run) this.byEntry.delete(entry);
    if (this.runs.size === 0) this.onEmpty?.();
  }

  /** Whether a delivery is of an entry that is in hand: not merely of one that was given the same id. */
  has(delivery: Delivery): boolean {
    const run = this.byEntry.get(entryOf(delivery));
    return run !== undefined && (run.delivery.life === delivery.life || isAlike(run.delivery, delivery));
  }

  /** Oldest first. */
  list(): JobRun[] {
    return [...this.runs];
  }

  deliveries(): Delivery[] {
    return this.list().map(({ delivery }) => delivery);
  }

  get size(): number {
    return this.runs.size;
  }

  /** Resolves when nothing is in hand; true, or false when `ms` passed first. */
  drained(ms: number): Promise<boolean> {
    if (this.runs.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.onEmpty = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  /** Tells every run that the worker stops. */
  abortAll(): void {
    for (const run of this.runs) run.abort(new StoppingError());
  }

  /** Tells the runs of cancelled jobs to end. */
  endCancelled(cancellations: Cancellations): void {
    for (const run of this.runs) if (cancellations.covers(run)) run.abort(new CancelledError());
  }

  private endOverdue(): void {
    const now = Date.now();
    for (const run of this.runs) {
      const longestMs = Math.max(this.jobTimeoutMs, run.job?.needsMs ?? 0);
      if (now - run.startedAt > longestMs) run.abort(this.timedOut(longestMs));
    }
  }

  private timedOut(ms: number): JobError {
    const bound = ms > this.jobTimeoutMs ? 'the most that a job of its `sec` needs' : this.timeoutVariable;
    const sentence = `The job ran for longer than ${ms / 1000} s (${bound}) and was ended.`;
    return new TransientStepError('JOB_TIMEOUT', sentence);
  }

  /** A run that the renewal did not see, though it was claimed before, may have lost its lease. */
  private async checkLeases({ at, held }: Holdings): Promise<void> {
    const missing = this.list().filter((run) => run.startedAt < at && !held.has(run.key));
    await Promise.all(missing.map((run) => this.checkLease(run)));
  }

  /** A run whose entry Redis lost goes on: nobody else can have it, and its end is told. */
  private async checkLease(run: JobRun): Promise<void> {
    const standing = await this.standingOf(run.delivery);
    if (standing === 'others') run.abort(new LeaseLostError());
    if (standing === 'gone' && !run.isEntryGone) this.events.entryGone(run);
    run.isEntryGone = standing === 'gone';
  }

  /** While Redis cannot say, we go on: settling asks again. */
  private standingOf(delivery: Delivery): Promise<Standing> {
    return this.queue.standing(delivery).catch(() => 'ours');
  }
}

function entryOf({ lane, entryId }: Delivery): string {
  return `${lane} ${entryId}`;
}

function isAlike(a: Delivery, b: Delivery): boolean {
  return a.payload.length === b.payload.length && a.payload.every((text, i) => text.equals(b.payload[i] as Buffer));
}
