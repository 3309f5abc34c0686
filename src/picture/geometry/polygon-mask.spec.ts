import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareOf } from '../mask.js';
import { polygonMask } from './polygon-mask.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('polygonMask', () => {
  it('covers a rectangle exactly, to the middle of the cells', () => {
    fc.assert(
      fc.property(share, share, share, share, (a, b, c, d) => {
        const [left, right, top, bottom] = [Math.min(a, b), Math.max(a, b), Math.min(c, d), Math.max(c, d)];
        const mask = polygonMask(
          [
            [left, top],
            [right, top],
            [right, bottom],
            [left, bottom],
          ],
          20,
          10,
        );
        mask.data.forEach((cell, i) => {
          const [x, y] = [((i % 20) + 0.5) / 20, (Math.floor(i / 20) + 0.5) / 10];
          if ([left - x, right - x, top - y, bottom - y].some((gap) => Math.abs(gap) < 1e-9)) return;
          expect(cell === 1).toBe(x > left && x < right && y > top && y < bottom);
        });
      }),
    );
  });

  it('is the same whichever corner comes first and whichever way round', () => {
    const corners = [
      [0.1, 0.2],
      [0.9, 0.1],
      [0.7, 0.5],
      [0.95, 0.9],
      [0.2, 0.8],
    ] as const;
    const turned = [...corners.slice(2), ...corners.slice(0, 2)].toReversed();
    expect(polygonMask(turned, 64, 48)).toEqual(polygonMask(corners, 64, 48));
    expect(shareOf(polygonMask(corners, 64, 48))).toBeGreaterThan(0.3);
  });
});
