import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { regionsOf } from '../mask.js';
import { contourOf } from './contour.js';
import type { Point } from './hull.js';
import { polygonAreaOf } from './polygon-area.js';
import { lengthOf, simplified } from './simplify.js';
import { longestWay, skeletonOf } from './skeleton.js';

const WIDTH = 12;
const grid = fc.array(fc.constantFrom<0 | 1>(0, 1), { minLength: WIDTH * 9, maxLength: WIDTH * 9 });
const largestOf = (data: readonly number[]): number[] => {
  const mask = { width: WIDTH, height: data.length / WIDTH, data: Uint8Array.from(data) };
  return regionsOf(mask).sort((a, b) => b.length - a.length)[0] ?? [];
};
const cellsOf = (...rows: string[]) =>
  rows.flatMap((row, y) => [...row].flatMap((letter, x) => (letter === '#' ? [y * WIDTH + x] : [])));

describe('contourOf', () => {
  it('goes around a shape by its corners, with the bay it has', () => {
    const contour = contourOf(cellsOf('###', '#', '###'), WIDTH);
    expect(polygonAreaOf(contour)).toBe(7);
    expect(contour).toHaveLength(8);
  });

  it('encloses every cell of a connected set, and nothing but its holes besides', () => {
    fc.assert(
      fc.property(grid, (data) => {
        const cells = largestOf(data);
        fc.pre(cells.length > 0);
        expect(polygonAreaOf(contourOf(cells, WIDTH))).toBeGreaterThanOrEqual(cells.length);
      }),
    );
  });
});

describe('skeletonOf', () => {
  it('stays within a connected set, and connected', () => {
    fc.assert(
      fc.property(grid, (data) => {
        const cells = largestOf(data);
        fc.pre(cells.length > 0);
        const skeleton = skeletonOf(cells, WIDTH);
        const thin = data.map((_, cell) => (skeleton.cells.has(cell) ? 1 : 0));
        expect([...skeleton.cells].every((cell) => cells.includes(cell))).toBe(true);
        expect(largestOf(thin)).toHaveLength(skeleton.cells.size);
        expect(skeleton.cells.size).toBeGreaterThan(0);
      }),
    );
  });

  it('is one cell wide, and its longest way goes from end to end', () => {
    const bar = cellsOf('##########', '##########', '##########');
    const way = longestWay(skeletonOf(bar, WIDTH), [...skeletonOf(bar, WIDTH).cells][0]!);
    expect(new Set(way.map((cell) => Math.floor(cell / WIDTH)))).toEqual(new Set([1]));
    expect(way.length).toBeGreaterThanOrEqual(7);
  });
});

describe('simplified', () => {
  const line = fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 2, maxLength: 30 });

  it('keeps both ends, and only points of the line', () => {
    fc.assert(
      fc.property(line, (points: Point[]) => {
        const simple = simplified(points, 1);
        expect([simple[0], simple.at(-1)]).toEqual([points[0], points.at(-1)]);
        expect(simple.every((point) => points.includes(point))).toBe(true);
        expect(lengthOf(simple)).toBeLessThanOrEqual(lengthOf(points) + 1e-9);
      }),
    );
  });

  it('makes a straight line of one that hardly strays', () => {
    const nearly: Point[] = [0, 1, 2, 3, 4].map((x) => [x, 0.2 * (x % 2)]);
    expect(simplified(nearly, 0.5)).toEqual([
      [0, 0],
      [4, 0],
    ]);
  });
});
