import { jest } from '@jest/globals';
import fc from 'fast-check';

/** `npm run test:fuzz -- --seed=7` plays the same again. */
export const SEED = jest.getSeed();

/** So many examples of what `arbitrary` makes, the same for the same seed. */
export function examplesOf<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, { seed: SEED, numRuns: count });
}

/** How often to try, and with which seed. */
export function tries(numRuns: number): fc.Parameters<unknown> & { seed: number; numRuns: number } {
  return { seed: SEED, numRuns };
}
