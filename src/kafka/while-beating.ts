import { setTimeout as after } from 'node:timers/promises';
import { abortedBy } from '../lib/aborted-by.js';

/**
 * Does some work and gives a sign of life meanwhile, however long it takes: at once a second by default. A sign that fails
 * aborts the work.
 * @param work hears of it by its signal
 * @throws what the sign of life threw, once the work has ended; else what the work threw
 */
export async function whileBeating<T>(
  beat: () => Promise<void>,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  everyMs = 1_000,
): Promise<T> {
  const broken = new AbortController();
  const done = new AbortController();
  const beating = beatUntil(done.signal, beat, everyMs).catch((error: unknown) => broken.abort(error));
  try {
    const result = await abortedBy([stop, broken.signal], work);
    if (!broken.signal.aborted) return result;
  } catch (error) {
    if (!broken.signal.aborted) throw error;
  } finally {
    done.abort();
    await beating;
  }
  throw broken.signal.reason;
}

async function beatUntil(done: AbortSignal, beat: () => Promise<void>, everyMs: number): Promise<void> {
  const isTime = () => after(everyMs, true, { signal: done }).catch(() => false);
  while (await isTime()) await beat();
}
