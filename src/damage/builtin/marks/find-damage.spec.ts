import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findDamage } from './find-damage.js';
import type { HeatMaps } from '../heat-maps.js';
import { AS_SCORED } from '../road-model.js';

const WIDTH = 192;
const HEIGHT = 120;
const CELLS = WIDTH * HEIGHT;
const everywhere = { width: WIDTH, height: HEIGHT, data: new Uint8Array(CELLS).fill(1) };

function maps(change: Partial<Pick<HeatMaps, 'crack' | 'pothole'>>): HeatMaps {
  const cold = () => new Float32Array(CELLS);
  return { width: WIDTH, height: HEIGHT, crack: cold(), pothole: cold(), lane: cold().fill(1), ...change };
}

/** A map that is hot where `isHot` says so. */
function hot(value: number, isHot: (x: number, y: number) => boolean): Float32Array {
  return Float32Array.from({ length: CELLS }, (_, i) => (isHot(i % WIDTH, Math.floor(i / WIDTH)) ? value : 0));
}

const zigzag = (x: number, y: number) => x >= 50 && x < 90 && Math.abs(y - 60 - 8 * Math.sin(x / 4)) < 2;
const pole = (x: number, y: number) => x >= 50 && x < 90 && Math.abs(y - 60 - x / 8) < 1;
const pit = (x: number, y: number) => (x - 100) ** 2 + (y - 80) ** 2 < 30;

const model = {
  pothole: { low: 0.4, high: 0.97, score: 0.7, leastShare: 10 / CELLS, reliability: AS_SCORED },
  crack: { low: 0.3, high: 0.9, score: 0.6, leastShare: 12 / CELLS, reliability: AS_SCORED },
};
const kindsOn = (some: Parameters<typeof maps>[0]) => findDamage(maps(some), everywhere, model).map(({ kind }) => kind);

describe('findDamage', () => {
  it('finds a crack that wanders', () => {
    expect(kindsOn({ crack: hot(0.95, zigzag) })).toEqual(['crack']);
  });

  it('takes a thin straight line for the shadow of a pole', () => {
    expect(kindsOn({ crack: hot(0.95, pole) })).toEqual([]);
  });

  it('leaves out what is smaller than a damage can be', () => {
    const speck = (x: number, y: number) => x >= 50 && x < 53 && y >= 50 && y < 53;
    expect(kindsOn({ crack: hot(0.99, speck) })).toEqual([]);
    expect(kindsOn({ pothole: hot(0.99, speck) })).toEqual([]);
  });

  it('joins pieces of a crack with a small gap between them', () => {
    const broken = hot(0.95, (x, y) => zigzag(x, y) && x !== 66 && x !== 67);
    expect(kindsOn({ crack: broken })).toEqual(['crack']);
  });

  it('drops what only just shows', () => {
    expect(kindsOn({ crack: hot(0.85, zigzag) })).toEqual([]);
    expect(kindsOn({ pothole: hot(0.95, pit) })).toEqual([]);
  });

  it('finds a pothole that is clear enough', () => {
    expect(kindsOn({ pothole: hot(0.99, pit) })).toEqual(['D40']);
  });

  it('marks once what both maps show, as damage of a kind that cannot be told', () => {
    const both = (x: number, y: number) => pit(x, y) || zigzag(x, y);
    expect(kindsOn({ pothole: hot(0.99, pit), crack: hot(0.95, both) })).toEqual(['damage', 'crack']);
  });

  it('takes the rim of a pothole for no crack', () => {
    const rim = (x: number, y: number) => (x - 100) ** 2 + (y - 80) ** 2 < 42 && !pit(x, y);
    expect(kindsOn({ pothole: hot(0.99, pit), crack: hot(0.95, rim) })).toEqual(['D40']);
  });

  it('drops a ring that lies around a piece of road', () => {
    const ring = hot(0.99, (x, y) => Math.max(Math.abs(x - 100), Math.abs(y - 80)) === 8);
    const disc = hot(1, (x, y) => Math.hypot(x - 100, y - 80) < 4);
    const road = { ...everywhere, data: Uint8Array.from(disc) };
    expect(findDamage(maps({ pothole: ring }), road, model)).toEqual([]);
  });

  it('marks nothing off the road, whatever the maps say', () => {
    const map = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: CELLS / 8, maxLength: CELLS / 8 });
    const wide = (values: number[]) => Float32Array.from({ length: CELLS }, (_, i) => values[i >> 3]!);
    fc.assert(
      fc.property(map, map, (crack, pothole) => {
        const road = { ...everywhere, data: everywhere.data.map((_, i) => (i % WIDTH < 96 ? 1 : 0)) };
        const found = findDamage(maps({ crack: wide(crack), pothole: wide(pothole) }), road, model);
        expect(found.flatMap(({ region }) => region.cells).every((cell) => road.data[cell] === 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
