import { setTimeout as after } from 'node:timers/promises';

/** An answer, or undefined when it takes longer than `ms` or fails. The process may end while this waits. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  return orLate(
    ms,
    answer.catch(() => undefined),
    () => undefined,
  );
}

/**
 * An answer, or what `late` gives or throws when it takes longer than `ms`; then the answer is for nobody, and so is its
 * failure. The process may end while this waits.
 */
export async function orLate<T, Late>(ms: number, answer: Promise<T>, late: () => Late): Promise<T | Late> {
  const waiting = new AbortController();
  const deadline = after(ms, undefined, { signal: waiting.signal, ref: false }).then(late);
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    waiting.abort();
    deadline.catch(() => undefined);
    answer.catch(() => undefined);
  }
}
