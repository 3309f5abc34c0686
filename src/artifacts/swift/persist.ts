import { setTimeout as after } from 'node:timers/promises';
import { backoffMs } from '../../lib/backoff.js';
import { isPassing, SwiftRefusal } from './swift.errors.js';
import type { RetryPace } from './swift.settings.js';

/**
 * Tries some work until it succeeds, fails for good, or was tried often enough. Between two tries it waits for a random
 * time that grows, and for as long as Swift asks if that is not too long.
 * @throws what the last try threw; the signal's reason
 */
export async function persist<T>(
  work: () => Promise<T>,
  patience: RetryPace,
  signal: AbortSignal,
  mayPass: (error: unknown) => boolean = isPassing,
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
  const asked = error instanceof SwiftRefusal ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(backoffMs(attempt, patience, Math.random), Math.min(asked, patience.capMs));
}
