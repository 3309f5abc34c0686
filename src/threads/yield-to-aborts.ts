import { setImmediate } from 'node:timers/promises';

/** Lets a thread hear an abort between two stretches of computing. @throws the signal's reason when it has aborted */
export async function yieldToAborts(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
