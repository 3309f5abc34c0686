import { describe, expect, it } from '@jest/globals';
import { lengthOf } from '../../../picture/geometry/simplify.js';
import { crackLinesOf } from './crack-lines.js';
import { boundaryOf } from './boundary.js';
import { polygonAreaOf } from '../../../picture/geometry/polygon-area.js';
import type { Region } from './regions.js';

const [WIDTH, HEIGHT] = [80, 60];
const regionOf = (cells: number[]): Region => ({ cells, score: 0.9, peak: 0.95 });

function cellsWhere(isSet: (x: number, y: number) => boolean): number[] {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => i).filter((i) => isSet(i % WIDTH, Math.floor(i / WIDTH)));
}

const linesOf = (cells: number[]) => crackLinesOf(regionOf(cells), WIDTH, regionOf);
const wave = (x: number) => 30 + Math.round(6 * Math.sin(x / 6));

describe('crackLinesOf', () => {
  it('gives a crack its course and its length along it', () => {
    const cells = cellsWhere((x, y) => x >= 10 && x < 70 && Math.abs(y - wave(x)) <= 1);
    const [crack, ...others] = linesOf(cells);
    expect(others).toEqual([]);
    expect(crack!.region.cells).toEqual(cells);
    const exact = lengthOf(Array.from({ length: 60 }, (_, i) => [10 + i, 30 + 6 * Math.sin((10 + i) / 6)]));
    expect(lengthOf(crack!.line!) / exact).toBeGreaterThan(0.9);
    expect(lengthOf(crack!.line!) / exact).toBeLessThan(1.1);
  });

  it('makes three of three cracks that meet', () => {
    const star = cellsWhere(
      (x, y) =>
        (Math.abs(y - 30) <= 1 && x >= 5 && x < 75) ||
        (Math.abs(x - 25) <= 1 && y >= 5 && y < 30) ||
        (Math.abs(x - 50) <= 1 && y >= 30 && y < 55),
    );
    const cracks = linesOf(star);
    expect(cracks).toHaveLength(3);
    expect(cracks.flatMap(({ region }) => region.cells).sort((a, b) => a - b)).toEqual(star);
  });

  it('makes two of two cracks that meet at their ends and lead back', () => {
    const wedge = cellsWhere(
      (x, y) => x >= 10 && x < 60 && (Math.abs(y - (20 + x / 4)) <= 1 || Math.abs(y - (50 - x / 4)) <= 1),
    );
    const cracks = linesOf(wedge);
    expect(cracks).toHaveLength(2);
    for (const { line } of cracks) expect(lengthOf(line!)).toBeGreaterThan(40);
  });

  it('leaves the roughness of a crack to it', () => {
    const hairy = cellsWhere(
      (x, y) => x >= 10 && x < 70 && (Math.abs(y - 30) <= 1 || (x % 9 === 0 && y > 25 && y < 30)),
    );
    expect(linesOf(hairy)).toHaveLength(1);
  });

  it('keeps a net of cracks in one piece, without a line', () => {
    const net = cellsWhere((x, y) => x >= 10 && x < 60 && y >= 10 && y < 50 && (x % 8 < 2 || y % 8 < 2));
    expect(linesOf(net)).toEqual([{ region: regionOf(net), line: undefined }]);
  });
});

describe('boundaryOf', () => {
  it('follows a bent crack in place of enclosing what lies within the bend', () => {
    const cells = cellsWhere(
      (x, y) => (x >= 10 && x < 13 && y >= 10 && y < 50) || (y >= 47 && y < 50 && x >= 10 && x < 60),
    );
    const area = polygonAreaOf(boundaryOf(cells, { width: WIDTH, height: HEIGHT }));
    expect(area / cells.length).toBeGreaterThan(0.8);
    expect(area / cells.length).toBeLessThan(1.25);
  });
});
