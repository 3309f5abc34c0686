import type { JobQueue } from '../queue/job-queue.js';
import type { WorkerEvents } from './worker-events.js';

const TIDY_EVERY_MS = 60_000;

/** Tidies the queue up now and then. Every worker does; doing it twice does no harm. */
export class Housekeeper {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly events: WorkerEvents,
  ) {}

  start(): void {
    // Not all workers of a deployment at once.
    this.timer = setInterval(() => void this.tidy(), TIDY_EVERY_MS * (0.75 + Math.random() / 2)).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async tidy(): Promise<void> {
    try {
      this.events.tidied(await this.queue.tidy());
    } catch {
      // Redis is away: the loop says so; the next round tries again.
    }
  }
}
