import { abortedBy } from '../../../lib/aborted-by.js';
import { unlessAborted } from '../../../lib/unless-aborted.js';

/**
 * Waits for some work, for `ms` at most. The work hears when it is late or `signal` aborts.
 * @throws what the work throws; an Error when it is late; the signal's reason
 */
export async function inTime<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`It took longer than ${ms / 1_000} s.`)), ms);
  try {
    return await abortedBy([signal, late.signal], (either) => unlessAborted(work(either), either));
  } finally {
    clearTimeout(timer);
  }
}
