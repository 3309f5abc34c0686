import { yieldToAborts } from '../threads/yield-to-aborts.js';

/** Block rows between two looks at the signal: a few ms of computing. */
const STRIPE_ROWS = 4;

/** Works on rows of blocks a few at a time. @throws the signal's reason when it aborts in between */
export async function inStripes(
  rows: number,
  signal: AbortSignal,
  work: (from: number, until: number) => void,
): Promise<void> {
  for (let from = 0; from < rows; from += STRIPE_ROWS) {
    await yieldToAborts(signal);
    work(from, Math.min(rows, from + STRIPE_ROWS));
  }
}
