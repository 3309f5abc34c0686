import type { Delivery, JobQueue } from '../../queue/job-queue.js';
import type { GroupPauseGate } from './admission.js';
import type { Cancellations } from './cancellations.js';
import type { InHand } from './in-hand.js';
import type { WorkerEvents } from './worker-events.js';

const SHORTEST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 1_000;

/** How often to look for deliveries that are due again: fast enough for retries, rare enough to cost nothing. */
export function lookEveryMs(visibilityMs: number): number {
  return Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, visibilityMs / 10));
}

/** Brings back what is due again: retries, released jobs, and jobs whose worker is gone. Brings the group's news along. */
export class Rescuer {
  private dueAt = 0;
  /** The last look had no room for all that was due. */
  private leftSome = false;
  private inGrace = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly inHand: InHand,
    private readonly groupPause: GroupPauseGate,
    private readonly cancellations: Cancellations,
    private readonly intervalMs: number,
    private readonly events: WorkerEvents,
  ) {}

  /**
   * Whether to look before new work is claimed, with so many slots free. What the last look left behind goes first: a
   * worker whose slots are taken at every look would never get to it.
   */
  isDue(free: number): boolean {
    return Date.now() >= this.dueAt || (this.leftSome && free > 0);
  }

  msUntilDue(): number {
    return Math.max(1, this.dueAt - Date.now());
  }

  /** Looks now and takes over at most `count`. Looks with 0 too: the queue must see that somebody is awake. */
  async look(count: number): Promise<Delivery[]> {
    const strays = await this.queue.releaseStrays(this.inHand.deliveries());
    if (strays > 0) this.events.straysReleased(strays);
    const { deliveries, trimmed, grace, paused, cancelled } = await this.queue.rescue(count, this.cancellations.since);
    this.dueAt = Date.now() + this.intervalMs;
    this.leftSome = deliveries.length >= count;
    if (grace && !this.inGrace) this.events.graceBegan();
    this.inGrace = grace;
    this.groupPause.note(paused);
    this.cancellations.note(cancelled);
    this.inHand.endCancelled(this.cancellations);
    if (deliveries.length > 0) this.events.rescued(deliveries.length);
    if (trimmed.length > 0) this.events.trimmed(trimmed);
    return deliveries;
  }
}
