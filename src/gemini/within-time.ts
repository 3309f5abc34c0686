import { abortedBy } from '../lib/aborted-by.js';
import { troubled } from './gemini-errors.js';

/**
 * Gives work a signal that aborts with `signal`, and when nothing has moved for `limitMs`.
 * @param work calls `moved` when there is progress; when it never does, `limitMs` is for all of it
 * @throws TransientStepError `GEMINI_TIMEOUT`; the signal's reason, even if it aborted before; what the work throws
 */
export async function withinTime<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, moved: () => void) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  try {
    return await abortedBy([signal, late.signal], (either) => work(either, () => void timer.refresh()));
  } catch (error) {
    // Whatever the abortion made the work throw, these are why.
    signal.throwIfAborted();
    if (!late.signal.aborted) throw error;
    throw troubled('GEMINI_TIMEOUT', `Gemini did not answer within ${limitMs / 1000} s; it is asked again.`);
  } finally {
    clearTimeout(timer);
  }
}
