import type { Delivery, Settlement } from '../job-queue.js';

interface Waiting {
  delivery: Delivery;
  resolve: (settlement: Settlement) => void;
  reject: (error: unknown) => void;
}

/** What acknowledges for the {@link Acknowledger}. */
export interface Acknowledging {
  /** Acknowledges deliveries of one lane and life that are plainly ours. Gives the ids that are not. */
  batch(deliveries: readonly [Delivery, ...Delivery[]]): Promise<ReadonlySet<string>>;
  /** Acknowledges one after a closer look. */
  one(delivery: Delivery): Promise<Settlement>;
}

/** Acknowledges in batches: what completes in one turn of the event loop costs one command. */
export class Acknowledger {
  private gathered: Waiting[] = [];

  constructor(private readonly queue: Acknowledging) {}

  /** Acknowledges with the next batch. */
  complete(delivery: Delivery): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      if (this.gathered.length === 0) setImmediate(() => this.flush());
      this.gathered.push({ delivery, resolve, reject });
    });
  }

  /** Sends what has gathered. A claim calls it first, so that acknowledging and reading travel together. */
  flush(): void {
    if (this.gathered.length === 0) return;
    const gathered = this.gathered;
    this.gathered = [];
    for (const batch of byLife(gathered)) void this.send(batch);
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    try {
      const deliveries = batch.map(({ delivery }) => delivery) as [Delivery, ...Delivery[]];
      const unclear = await this.queue.batch(deliveries);
      for (const waiting of batch) {
        if (unclear.has(waiting.delivery.entryId))
          this.queue.one(waiting.delivery).then(waiting.resolve, waiting.reject);
        else waiting.resolve('settled');
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** One batch for each lane and life. */
function byLife(gathered: readonly Waiting[]): Iterable<readonly Waiting[]> {
  const batches: [Waiting, ...Waiting[]][] = [];
  for (const waiting of gathered) {
    const batch = batches.find(([first]) => isAlike(first, waiting));
    if (batch === undefined) batches.push([waiting]);
    else batch.push(waiting);
  }
  return batches;
}

function isAlike({ delivery: a }: Waiting, { delivery: b }: Waiting): boolean {
  return a.lane === b.lane && a.life === b.life;
}
