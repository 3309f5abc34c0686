import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blackHat, maskedMean, type GreyPlane } from './plane-filters.js';

const planes = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc
      .array(fc.nat(255), { minLength: width * height, maxLength: width * height })
      .map((values): GreyPlane => ({ width, height, data: Float32Array.from(values) })),
  );

/** The values within a square around a pixel. */
function around({ width, height, data }: GreyPlane, x: number, y: number, radius: number): number[] {
  const values: number[] = [];
  for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
    for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) values.push(data[v * width + u]!);
  }
  return values;
}

const each = (plane: GreyPlane, value: (x: number, y: number) => number): GreyPlane => ({
  ...plane,
  data: plane.data.map((_, i) => value(i % plane.width, Math.floor(i / plane.width))),
});

describe('blackHat', () => {
  it('is the closing minus the plane', () => {
    fc.assert(
      fc.property(planes, fc.integer({ min: 1, max: 4 }), (plane, radius) => {
        const highest = each(plane, (x, y) => Math.max(...around(plane, x, y, radius)));
        const closed = each(highest, (x, y) => Math.min(...around(highest, x, y, radius)));
        const expected = closed.data.map((value, i) => value - plane.data[i]!);
        expect(blackHat(plane, radius).data).toEqual(expected);
      }),
    );
  });
});

describe('maskedMean', () => {
  it('is the mean of the square, where everything counts', () => {
    fc.assert(
      fc.property(planes, fc.integer({ min: 1, max: 4 }), (plane, radius) => {
        const means = maskedMean(plane, new Uint8Array(plane.data.length).fill(1), radius);
        each(plane, (x, y) => {
          const values = around(plane, x, y, radius);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          expect(means.data[y * plane.width + x]).toBeCloseTo(mean, 2);
          return 0;
        });
      }),
    );
  });

  it('leaves out what is masked', () => {
    const plane = { width: 3, height: 1, data: Float32Array.of(10, 200, 30) };
    expect([...maskedMean(plane, Uint8Array.of(1, 0, 1), 1).data]).toEqual([10, 20, 30]);
    expect([...maskedMean(plane, new Uint8Array(3), 1).data]).toEqual([0, 0, 0]);
  });
});
