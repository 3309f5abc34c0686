import type { JobQueue, QueueStats } from '../queue/job-queue.js';

const FRESH_MS = 1_000;
const PATIENCE_MS = 2_000;

/** The numbers of the queue, read at most once a second however many ask; undefined while Redis does not answer. */
export class QueueMonitor {
  private reading: Promise<QueueStats | undefined> | undefined;
  private readAt = 0;

  constructor(private readonly queue: JobQueue) {}

  read(): Promise<QueueStats | undefined> {
    if (this.reading === undefined || Date.now() - this.readAt > FRESH_MS) {
      this.readAt = Date.now();
      this.reading = within(PATIENCE_MS, this.queue.stats());
    }
    return this.reading;
  }

  /** Round trip to Redis in ms; undefined when it takes too long. */
  ping(): Promise<number | undefined> {
    return within(PATIENCE_MS, this.queue.ping());
  }
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  const quiet = answer.catch(() => undefined);
  try {
    return await Promise.race([quiet, late]);
  } finally {
    clearTimeout(timer);
  }
}
