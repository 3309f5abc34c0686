import type { BoundedChild, ChildEnd } from './child-process.js';

/** How a child ended that was given a deadline. */
export interface TimedEnd extends ChildEnd {
  /** The deadline ended it. */
  readonly ranOutOfTime: boolean;
}

/**
 * Waits until a child is gone; asks it to go when the deadline is over or the signal aborts.
 * @throws signal.reason when aborted, after the child is gone
 */
export async function endOf(child: BoundedChild, deadlineMs: number, signal: AbortSignal): Promise<TimedEnd> {
  let ranOutOfTime = false;
  const stop = (): void => child.stop();
  // Not an AbortSignal.timeout() within AbortSignal.any(): nobody holds it, and once it is collected it never fires.
  const timer = setTimeout(() => {
    ranOutOfTime = true;
    stop();
  }, deadlineMs);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const end = await child.ended;
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return { ...end, ranOutOfTime };
}
