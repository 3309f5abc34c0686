import { AHEAD_MS, MACHINE_CLOCK, type Clock } from '../../lib/clock.js';
import type { JobRun } from './job-run.js';

/** More are not remembered; the oldest go first. As many as the queue keeps. */
const MOST = 1_000;
const CLOCK_SET_BACK_MS = 60_000;

/** The jobs that clients cancelled lately, as the looks at the queue told them. */
export class Cancellations {
  private readonly cancelled = new Map<string, number>();

  /** @param clock of the queue, by which cancellations are dated */
  constructor(private readonly clock: Clock = MACHINE_CLOCK) {}

  private newest = 0;

  /** From when on to ask for more, ms since the epoch by the queue's clock: after a failover that may be set back. */
  get since(): number {
    return Math.max(0, this.newest - CLOCK_SET_BACK_MS);
  }

  /** Takes in what is new. */
  note(cancelled: ReadonlyMap<string, number>): void {
    for (const [jobId, at] of cancelled) {
      // What is cancelled again is new again.
      this.cancelled.delete(jobId);
      this.cancelled.set(jobId, at);
      this.newest = Math.max(this.newest, at);
    }
    for (const jobId of this.cancelled.keys()) {
      if (this.cancelled.size <= MOST) return;
      this.cancelled.delete(jobId);
    }
  }

  /**
   * Whether a run is of a cancelled job. One that was queued after the cancellation is a new job of the same name. An id
   * that somebody made up to lie in the future does not tell: such a job is taken for the one that was meant.
   */
  covers({ job, delivery }: JobRun): boolean {
    if (this.cancelled.size === 0 || job === undefined) return false;
    const at = this.cancelled.get(job.jobId);
    if (at === undefined) return false;
    const queuedAt = Number.parseInt(delivery.sourceId, 10);
    return queuedAt <= at || queuedAt > this.clock.now() + AHEAD_MS;
  }
}
