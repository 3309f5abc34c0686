import { CancelledError, LeaseLostError, StoppingError, TransientStepError, type JobError } from '../job/errors.js';
import { keyOf, type Delivery, type Holdings, type JobQueue } from '../queue/job-queue.js';
import type { Cancellations } from './cancellations.js';
import type { JobRun } from './job-run.js';

/** Deadlines are looked at this often. ms */
const SWEEP_EVERY_MS = 1_000;

/** The runs of this worker that are not settled yet, and all that can end one from outside: deadline, lease, stop. */
export class InHand {
  private readonly runs = new Map<string, JobRun>();
  private sweep: NodeJS.Timeout | undefined;
  private onEmpty: (() => void) | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly jobTimeoutMs: number,
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
    this.runs.set(run.key, run);
  }

  remove(run: JobRun): void {
    this.runs.delete(run.key);
    if (this.runs.size === 0) this.onEmpty?.();
  }

  has(delivery: Delivery): boolean {
    return this.runs.has(keyOf(delivery));
  }

  /** Oldest first. */
  list(): JobRun[] {
    return [...this.runs.values()];
  }

  keys(): ReadonlySet<string> {
    return new Set(this.runs.keys());
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
    for (const run of this.runs.values()) run.abort(new StoppingError());
  }

  /** Tells the runs of cancelled jobs to end. */
  endCancelled(cancellations: Cancellations): void {
    for (const run of this.runs.values()) if (cancellations.covers(run)) run.abort(new CancelledError());
  }

  private endOverdue(): void {
    const now = Date.now();
    for (const run of this.runs.values()) {
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

  private async checkLease(run: JobRun): Promise<void> {
    if (!(await this.stillOurs(run.delivery))) run.abort(new LeaseLostError());
  }

  /** While Redis cannot say, we go on: settling asks again. */
  private stillOurs(delivery: Delivery): Promise<boolean> {
    return this.queue.isOurs(delivery).catch(() => true);
  }
}
