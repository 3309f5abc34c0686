import type { RawPayload } from '../job/payload.js';

/** A job that is in the queue now. */
export interface QueuedJob {
  /** Id under which the job first came in. */
  readonly sourceId: string;
  readonly lane: string;
  readonly payload: RawPayload;
  /** Times it was delivered so far. */
  readonly deliveries: number;
  /** Who runs it; undefined while it waits. */
  readonly consumer: string | undefined;
}

/** Looks into a queue without touching it. For people who ask, not for the way of a job. */
export abstract class QueueView {
  /** Jobs that nobody runs: not delivered yet, or waiting to be tried again. Urgent ones first, then the oldest. */
  abstract pending(limit: number): Promise<QueuedJob[]>;

  /** Jobs that a worker runs, or ran until it died. */
  abstract running(limit: number): Promise<QueuedJob[]>;
}
