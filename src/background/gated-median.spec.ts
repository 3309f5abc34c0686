import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FINE } from './fine.js';
import { robustMean } from './gated-median.js';

/** What the kernel does, said simply. */
function slowly(samples: readonly number[]): number {
  const median = samples.toSorted((a, b) => a - b)[samples.length >> 1]!;
  const near = samples.filter((sample) => Math.abs(sample - median) <= 8);
  return Math.round((FINE * near.reduce((sum, sample) => sum + sample, 0)) / near.length);
}

describe('robustMean', () => {
  it('is the mean of what is close to the median, pixel after pixel', () => {
    const mean = robustMean();
    fc.assert(
      fc.property(fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }), (samples) => {
        const padded = Uint8Array.of(7, ...samples, 9);
        expect(mean(padded, 1, samples.length)).toBe(slowly(samples));
      }),
    );
  });
});
