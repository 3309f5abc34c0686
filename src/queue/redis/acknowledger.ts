import type { Delivery, Settlement } from '../job-queue.js';
import type { Connection } from './connection.js';
import type { ConsumerGroup } from './group.js';
import { runScript } from './scripts.js';

interface Waiting {
  delivery: Delivery;
  resolve: (settlement: Settlement) => void;
  reject: (error: unknown) => void;
}

/** Acknowledges in batches: what completes in one turn of the event loop costs one command. */
export class Acknowledger {
  private batch: Waiting[] = [];

  constructor(
    private readonly connection: Connection,
    private readonly group: ConsumerGroup,
    private readonly groupName: string,
    private readonly consumer: string,
  ) {}

  /** Acknowledges with the next batch. */
  complete(delivery: Delivery): Promise<Settlement> {
    return new Promise((resolve, reject) => {
      if (this.batch.length === 0) setImmediate(() => this.flush());
      this.batch.push({ delivery, resolve, reject });
    });
  }

  /** Sends what has gathered. A claim calls it first, so that acknowledging and reading travel together. */
  flush(): void {
    if (this.batch.length === 0) return;
    const batch = this.batch;
    this.batch = [];
    for (const [lane, waiting] of byLane(batch)) void this.send(lane, waiting);
  }

  private async send(lane: string, waiting: Waiting[]): Promise<void> {
    try {
      const ids = waiting.map(({ delivery }) => delivery.entryId);
      const args = [this.groupName, this.consumer, ...ids];
      const lost = await this.group.with(() => runScript(this.connection, 'complete', [lane], args));
      settle(waiting, lost as Buffer[]);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}

function byLane(batch: Waiting[]): Iterable<[string, Waiting[]]> {
  const [first] = batch;
  if (first === undefined) return [];
  if (batch.every(({ delivery }) => delivery.lane === first.delivery.lane)) return [[first.delivery.lane, batch]];
  const lanes = new Map<string, Waiting[]>();
  for (const waiting of batch) {
    const lane = lanes.get(waiting.delivery.lane);
    if (lane === undefined) lanes.set(waiting.delivery.lane, [waiting]);
    else lane.push(waiting);
  }
  return lanes;
}

function settle(waiting: Waiting[], lost: Buffer[]): void {
  const lostIds = new Set(lost.map((id) => id.toString('latin1')));
  for (const { delivery, resolve } of waiting) resolve(lostIds.has(delivery.entryId) ? 'lost' : 'settled');
}
