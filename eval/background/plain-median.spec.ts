import { describe, expect, it } from '@jest/globals';
import { plainMedian } from './plain-median.js';

/** Frames of 2 x 2 px, each of one grey, full range and without colour. */
function greys(...values: number[]): Parameters<typeof plainMedian>[0] {
  const frames = values.map((value) => Uint8Array.of(value, value, value, value, 128, 128));
  return {
    width: 2,
    height: 2,
    frames,
    timesSeconds: values.map((_, i) => i),
    sourceFps: 1,
    colorMatrix: 'bt709',
    fullRange: true,
  };
}

describe('plainMedian', () => {
  it('takes the middle sample, however far the others lie', () => {
    expect([...plainMedian(greys(90, 255, 91, 89, 0)).rgb]).toEqual(Array(12).fill(90));
  });

  it('takes the middle of the two middle ones', () => {
    expect(plainMedian(greys(80, 90, 0, 255)).rgb[0]).toBe(85);
  });
});
