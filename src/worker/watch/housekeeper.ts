import type { JobQueue } from '../../queue/job-queue.js';
import type { WorkerEvents } from '../loop/worker-events.js';
import { Repeating, UNTOLD } from '../../lib/repeating.js';

const ROUND_EVERY_MS = 60_000;

/**
 * Tidies the queue up now and then, and looks for producers that write where no worker reads. Every worker does; doing
 * it twice does no harm.
 */
export class Housekeeper {
  private readonly rounds: Repeating;
  private misdirected: readonly string[] = [];

  constructor(
    private readonly queue: JobQueue,
    private readonly events: WorkerEvents,
  ) {
    // What fails fails because Redis is away: the loop says so. Not all workers of a deployment at once.
    const everyMs = (): number => ROUND_EVERY_MS * (0.75 + Math.random() / 2);
    this.rounds = new Repeating(() => this.round(), { everyMs, events: UNTOLD, endsWithProcess: true });
  }

  /** Where producers write by mistake, as the last look found; a sentence each. */
  get misdirectedProducers(): readonly string[] {
    return this.misdirected;
  }

  start(): void {
    this.rounds.start();
  }

  stop(): void {
    void this.rounds.stop();
  }

  private async round(): Promise<void> {
    await this.lookForProducers();
    this.events.tidied(await this.queue.tidy());
  }

  private async lookForProducers(): Promise<void> {
    const known = this.misdirected;
    this.misdirected = await this.queue.misdirectedProducers().catch(() => known);
    for (const warning of this.misdirected) if (!known.includes(warning)) this.events.producerMisdirected(warning);
  }
}
