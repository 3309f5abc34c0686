import type { JobRun } from './job-run.js';

/** The jobs that clients cancelled, as the last look at the queue saw them. */
export class Cancellations {
  private cancelled: ReadonlyMap<string, number> = new Map();

  note(cancelled: ReadonlyMap<string, number>): void {
    this.cancelled = cancelled;
  }

  /** Whether a run is of a cancelled job. One that was queued after the cancellation is a new job of the same name. */
  covers({ job, delivery }: JobRun): boolean {
    if (this.cancelled.size === 0 || job === undefined) return false;
    const at = this.cancelled.get(job.jobId);
    return at !== undefined && Number.parseInt(delivery.sourceId, 10) <= at;
  }
}
