import type { JobQueue } from '../queue/job-queue.js';
import type { WorkerEvents } from './worker-events.js';

const ROUND_EVERY_MS = 60_000;

/**
 * Tidies the queue up now and then, and looks for producers that write where no worker reads. Every worker does; doing
 * it twice does no harm.
 */
export class Housekeeper {
  private timer: NodeJS.Timeout | undefined;
  private astray: readonly string[] = [];

  constructor(
    private readonly queue: JobQueue,
    private readonly events: WorkerEvents,
  ) {}

  /** Where producers write by mistake, as the last look found; a sentence each. */
  get producersAstray(): readonly string[] {
    return this.astray;
  }

  start(): void {
    void this.lookForProducers();
    // Not all workers of a deployment at once.
    this.timer = setInterval(() => void this.round(), ROUND_EVERY_MS * (0.75 + Math.random() / 2)).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  // What fails fails because Redis is away: the loop says so; the next round tries again.
  private async round(): Promise<void> {
    await this.lookForProducers();
    await this.queue.tidy().then(
      (tidying) => this.events.tidied(tidying),
      () => undefined,
    );
  }

  private async lookForProducers(): Promise<void> {
    const known = this.astray;
    this.astray = await this.queue.neighbours().catch(() => known);
    for (const warning of this.astray) if (!known.includes(warning)) this.events.producerAstray(warning);
  }
}
