import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findDamage } from './find-damage.js';
import type { HeatMaps } from './heat-maps.js';

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

describe('findDamage', () => {
  it('finds a crack that wanders', () => {
    const { cracks, potholes } = findDamage(maps({ crack: hot(0.9, zigzag) }), everywhere);
    expect(cracks).toHaveLength(1);
    expect(potholes).toEqual([]);
  });

  it('takes a thin straight line for the shadow of a pole', () => {
    expect(findDamage(maps({ crack: hot(0.95, pole) }), everywhere).cracks).toEqual([]);
  });

  it('takes a small dark spot for a manhole', () => {
    const spot = hot(0.95, (x, y) => x >= 50 && x < 57 && y >= 50 && y < 54);
    expect(findDamage(maps({ crack: spot }), everywhere).cracks).toEqual([]);
  });

  it('joins pieces of a crack with a small gap between them', () => {
    const broken = hot(0.9, (x, y) => zigzag(x, y) && x !== 66 && x !== 67);
    expect(findDamage(maps({ crack: broken }), everywhere).cracks).toHaveLength(1);
  });

  it('drops what only just shows', () => {
    expect(findDamage(maps({ crack: hot(0.75, zigzag) }), everywhere).cracks).toEqual([]);
    expect(findDamage(maps({ pothole: hot(0.95, pit) }), everywhere).potholes).toEqual([]);
  });

  it('finds a pothole that is clear enough', () => {
    expect(findDamage(maps({ pothole: hot(0.99, pit) }), everywhere).potholes).toHaveLength(1);
    expect(findDamage(maps({ pothole: hot(0.95, pit) }), everywhere, 0).potholes).toHaveLength(1);
  });

  it('marks nothing off the road, whatever the maps say', () => {
    const map = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: CELLS / 8, maxLength: CELLS / 8 });
    const wide = (values: number[]) => Float32Array.from({ length: CELLS }, (_, i) => values[i >> 3]!);
    fc.assert(
      fc.property(map, map, (crack, pothole) => {
        const road = { ...everywhere, data: everywhere.data.map((_, i) => (i % WIDTH < 96 ? 1 : 0)) };
        const { cracks } = findDamage(maps({ crack: wide(crack), pothole: wide(pothole) }), road);
        expect(cracks.flatMap(({ cells }) => cells).every((cell) => road.data[cell] === 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
