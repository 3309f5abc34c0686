/** Exponential backoff with full jitter. Delays are in ms. */
export interface BackoffPolicy {
  /** The longest possible first delay. */
  baseMs: number;
  /** No delay is longer. */
  capMs: number;
}

/** No retry comes sooner, lest a camera that fails at once is hammered. */
const SHORTEST_DELAY_MS = 100;

/**
 * The delay before the next attempt: uniform from 0 to `base * 2^(attempt - 1)`, capped, but {@link SHORTEST_DELAY_MS} at least.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 (full jitter).
 *
 * @param attempt the attempt that just failed, from 1
 * @param random a number from 0 up to 1
 */
export function backoffMs(attempt: number, policy: BackoffPolicy, random: () => number): number {
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(Math.max(Math.min(SHORTEST_DELAY_MS, policy.capMs), ceiling * random()));
}
