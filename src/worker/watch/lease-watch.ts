import type { JobQueue } from '../../queue/job-queue.js';
import type { InHand } from '../loop/in-hand.js';
import type { Outage } from './outage.js';
import type { WorkerEvents } from '../loop/worker-events.js';

const LONGEST_INTERVAL_MS = 1_000;

/** Notices that the leases of the jobs in hand are not renewed although Redis serves everybody else. */
export class LeaseWatch {
  private timer: NodeJS.Timeout | undefined;
  /** When there was last nothing to worry about, or no way to know, ms since the epoch. */
  private calmAt = Date.now();
  private lookedAt = Date.now();
  private message: string | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly inHand: InHand,
    private readonly outage: Outage,
    private readonly visibilityMs: number,
    private readonly events: Pick<WorkerEvents, 'leasesAtRisk'>,
  ) {}

  /** What is wrong, as a sentence for the operator; undefined while leases are renewed. */
  get warning(): string | undefined {
    return this.message;
  }

  start(): void {
    const everyMs = Math.min(LONGEST_INTERVAL_MS, this.visibilityMs / 8);
    this.timer = setInterval(() => this.look(Date.now(), everyMs), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(now: number, everyMs: number): void {
    // A loop that was blocked has not read the thread's reports yet; an outage of Redis has its own event.
    const isBlind = now - this.lookedAt > 2 * everyMs || this.outage.startedAt !== undefined;
    this.lookedAt = now;
    if (isBlind || this.inHand.size === 0) this.calmAt = now;
    const { lastAt, failure } = this.queue.renewals;
    const isAtRisk = now - Math.max(this.calmAt, lastAt) > this.visibilityMs / 2;
    const isNew = isAtRisk && this.message === undefined;
    if (isAtRisk) this.message ??= warningOf(now - lastAt, failure);
    else if (now - lastAt <= this.visibilityMs / 2) this.message = undefined;
    if (isNew && this.message !== undefined) this.events.leasesAtRisk(this.message);
  }
}

function warningOf(sinceMs: number, failure: string | undefined): string {
  return (
    `No lease was renewed for ${Math.round(sinceMs / 1_000)} s (${failure ?? 'no reason was given'}): other workers may ` +
    "take over the jobs in hand. Check Redis' maxclients and the rights of this user."
  );
}
