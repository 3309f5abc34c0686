import { setTimeout as after } from 'node:timers/promises';

const ASK_EVERY_MS = 200;
const ANSWERS_WITHIN_MS = 2_000;

/** Whether an address answers with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })).ok;
  } catch {
    return false;
  }
}

/**
 * Waits until an address answers with success.
 * @param gone rejects when who should answer has ended
 * @throws when it does not within this time, ms
 */
export async function untilAnswers(url: string, withinMs: number, gone: Promise<never>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await answers(url))) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer after ${withinMs / 1_000} s.`);
    await Promise.race([after(ASK_EVERY_MS), gone]);
  }
}
