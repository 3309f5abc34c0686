import type { Link } from '../redis/link.js';
import { notEnqueued } from '../queue/job-producer.js';
import type { AllQueueNumbers } from '../queue/numbers/all-numbers.js';

/** What is known holds for so long. ms */
const FRESH_MS = 1_000;

/** How many jobs of each kind wait that nobody was given yet: Redis is asked once a second at most. */
export class UndeliveredJobs {
  private known: { readonly counts: ReadonlyMap<string, number>; readonly at: number } | undefined;

  /** @param link the connection that the numbers are read by */
  constructor(
    private readonly link: Pick<Link, 'up'>,
    private readonly numbers: Pick<AllQueueNumbers, 'read'>,
  ) {}

  /**
   * By kind.
   * @throws TransientStepError NOT_ENQUEUED while Redis is away
   */
  async read(): Promise<ReadonlyMap<string, number>> {
    if (this.known !== undefined && performance.now() - this.known.at < FRESH_MS) return this.known.counts;
    try {
      await this.link.up();
      const all = await this.numbers.read();
      const undelivered = (lanes: (typeof all)[number]['lanes']): number =>
        lanes.reduce((sum, lane) => sum + lane.undelivered, 0);
      const counts = new Map(all.map(({ spec, lanes }) => [spec.kind, undelivered(lanes)]));
      this.known = { counts, at: performance.now() };
      return counts;
    } catch (error) {
      throw notEnqueued('the queue', error);
    }
  }
}
