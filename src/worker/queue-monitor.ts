import type { JobQueue, QueueStats } from '../queue/job-queue.js';

const PATIENCE_MS = 2_000;

/** The numbers of the queue; whoever asks while they are being read shares the answer. Undefined while Redis is silent. */
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
