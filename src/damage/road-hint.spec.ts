import { describe, expect, it } from '@jest/globals';
import { shareOf, type Mask } from '../picture/mask.js';
import { roadHintOf } from './road-hint.js';

const RIGHT_HALF = [
  [0.5, 0],
  [1, 0],
  [1, 1],
  [0.5, 1],
] as const;

/** Driven in the columns from `from` up to `until` of 20. */
function driven(from: number, until: number): Mask {
  const data = Uint8Array.from({ length: 200 }, (_, i) => (i % 20 >= from && i % 20 < until ? 1 : 0));
  return { width: 20, height: 10, data };
}

describe('roadHintOf', () => {
  it('is where traffic drove within the region', () => {
    const hint = roadHintOf(driven(5, 15), RIGHT_HALF);
    expect(hint?.mask).toEqual(driven(10, 15));
    expect(hint?.fromTraffic).toBe(true);
    expect(hint?.grounds).toContain("within the operator's region");
  });

  it('is the region when nobody drove, or nobody drove there', () => {
    for (const nowhere of [undefined, driven(0, 0), driven(0, 8)]) {
      const hint = roadHintOf(nowhere, RIGHT_HALF);
      expect(shareOf(hint!.mask)).toBeCloseTo(0.5);
      expect(hint?.fromTraffic).toBe(false);
    }
  });

  it('is where traffic drove when there is no region, and unknown without either', () => {
    expect(roadHintOf(driven(3, 9))?.mask).toEqual(driven(3, 9));
    expect(roadHintOf(driven(0, 0))).toBeUndefined();
    expect(roadHintOf()).toBeUndefined();
  });
});
