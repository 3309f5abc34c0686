import type { JobQueue, QueueStats } from '../../queue/job-queue.js';
import { within } from '../../lib/deadline.js';

const PATIENCE_MS = 2_000;

/** The numbers of one queue; whoever asks while they are being read shares the answer. Undefined while Redis is silent. */
export class QueueMonitor {
  private reading: Promise<QueueStats | undefined> | undefined;

  constructor(private readonly queue: JobQueue) {}

  read(): Promise<QueueStats | undefined> {
    this.reading ??= within(PATIENCE_MS, this.queue.stats()).finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** Round trip to Redis in ms; undefined when it takes too long. */
  ping(): Promise<number | undefined> {
    return within(PATIENCE_MS, this.queue.ping());
  }
}
