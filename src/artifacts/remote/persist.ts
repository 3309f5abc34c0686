import { setTimeout as after } from 'node:timers/promises';
import { backoffMs } from '../../lib/backoff.js';
import type { RetryPace } from './retry-pace.js';

/**
 * Tries some work until it succeeds, fails for good, or was tried often enough. Between two tries it waits for a random
 * time that grows, and for as long as the store asks (`retryAfterMs` of the error) if that is not too long.
 * @throws what the last try threw; the signal's reason
 */
export async function persist<T>(
  work: () => Promise<T>,
  patience: RetryPace,
  signal: AbortSignal,
  mayPass: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= patience.tries || !mayPass(error)) throw error;
      await after(delayMs(attempt, patience, error), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function delayMs(attempt: number, patience: RetryPace, error: unknown): number {
  const { retryAfterMs } = (error ?? {}) as { retryAfterMs?: unknown };
  const asked = typeof retryAfterMs === 'number' ? retryAfterMs : 0;
  return Math.max(backoffMs(attempt, patience, Math.random), Math.min(asked, patience.capMs));
}
