import { Clock } from '../lib/clock.js';
import type { Connection } from './connection.js';

/** Quartz drifts by seconds a day: after this it is asked again. ms */
const GOOD_FOR_MS = 5_000;
/** An answer that took longer does not replace a better one. ms */
const LONGEST_TRIP_MS = 1_000;

/**
 * Redis' clock, which gives out the ids of entries: ages are told by it alone, since the clocks of machines differ. Between
 * two questions this machine's monotonic clock goes on, so that a clock that is set changes nothing. Before the first
 * answer it is this machine's.
 */
export class RedisClock extends Clock {
  /** Redis' time less the monotonic one, ms. */
  private offsetMs: number | undefined;
  private askedAt = -Infinity;

  now(): number {
    return this.offsetMs === undefined ? Date.now() : Math.round(this.offsetMs + performance.now());
  }

  /** Asks Redis, unless it was asked a moment ago. While it does not answer, what was known holds. Never rejects. */
  async set(connection: Connection): Promise<void> {
    const sentAt = performance.now();
    if (sentAt - this.askedAt < GOOD_FOR_MS) return;
    this.askedAt = sentAt;
    try {
      const [seconds, micros] = await connection.time();
      const answeredAt = performance.now();
      // What waited for Redis to come back was answered at one end of the wait: that says little.
      if (this.offsetMs !== undefined && answeredAt - sentAt > LONGEST_TRIP_MS) return;
      this.offsetMs = Number(seconds) * 1_000 + Number(micros) / 1_000 - (sentAt + answeredAt) / 2;
    } catch {
      this.askedAt = -Infinity;
    }
  }
}
