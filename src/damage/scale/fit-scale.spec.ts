import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VehicleSample } from '../../background/background.js';
import { fitScale } from './fit-scale.js';
import { CAR_WIDTH_M, carWidthAt, isKnownAt, uncertaintyAt, type RoadScale } from './road-scale.js';

/** What drives on a road: the share of cars; all others are other things. */
interface Traffic {
  horizon: number;
  /** A car's width at the picture's lower edge, share of the picture's width. */
  nearest: number;
  seed: number;
  others: number;
}

const traffic = fc.record({
  horizon: fc.double({ min: -1, max: 0.3, noNaN: true }),
  nearest: fc.double({ min: 0.08, max: 0.3, noNaN: true }),
  seed: fc.nat(),
  others: fc.double({ min: 0, max: 0.4, noNaN: true }),
});

/** Numbers from 0 up to 1. */
function randomBy(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** As cameras see it: far vehicles are many, cars differ by some percent, others are wider or were seen in part. */
function drive({ horizon, nearest, seed, others }: Traffic, count: number): VehicleSample[] {
  const random = randomBy(seed);
  return Array.from({ length: count }, () => {
    const row = Math.max(horizon + 0.1, 0.05) + (0.95 - Math.max(horizon + 0.1, 0.05)) * random() ** 2;
    const car = (nearest * (row - horizon)) / (1 - horizon);
    const size =
      random() < others ? (random() < 0.6 ? 1.15 + 0.5 * random() : 0.2 + 0.6 * random()) : 0.95 + 0.1 * random();
    return { row, width: car * size };
  });
}

describe('the scale by the vehicles that drove by', () => {
  it('is where cars are, whatever the others do', () => {
    fc.assert(
      fc.property(traffic, (road) => {
        const scale = fitScale([drive(road, 70), drive({ ...road, seed: road.seed + 1 }, 70)]) as RoadScale;
        expect(scale.visits).toBe(2);
        for (const row of [0.3, 0.5, 0.7, 0.95].filter((row) => row > road.horizon + 0.1)) {
          const truth = (road.nearest * (row - road.horizon)) / (1 - road.horizon);
          expect(Math.abs(carWidthAt(scale, row) / truth - 1)).toBeLessThan(0.08);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is the same for the same vehicles', () => {
    const road = { horizon: 0.1, nearest: 0.2, seed: 3, others: 0.3 };
    expect(fitScale([drive(road, 60)])).toEqual(fitScale([drive(road, 60)]));
  });

  it('says how far it may be off, more where no vehicle was measured', () => {
    const scale = fitScale([drive({ horizon: 0.1, nearest: 0.2, seed: 5, others: 0.2 }, 200)]) as RoadScale;
    expect(uncertaintyAt(scale, 0.5)).toBeGreaterThanOrEqual(0.08);
    expect(uncertaintyAt(scale, 0.5)).toBeLessThan(0.1);
    expect(uncertaintyAt(scale, scale.horizon + 0.005)).toBeGreaterThan(uncertaintyAt(scale, 0.5));
    expect([0.09, -1].map((row) => isKnownAt(scale, row))).toEqual([false, false]);
  });

  it('takes a car for two metres wide', () => expect(CAR_WIDTH_M).toBe(2));

  it.each<[string, VehicleSample[], RegExp]>([
    ['nobody drove', [], /Only 0 vehicles were measured, 15 are needed/],
    ['few drove', drive({ horizon: 0.1, nearest: 0.2, seed: 1, others: 0 }, 14), /Only 14 vehicles/],
    [
      'all were at one distance',
      Array.from({ length: 60 }, (_, i) => ({ row: 0.5 + 0.0005 * i, width: 0.1 + 0.001 * (i % 9) })),
      /at about the same distance|do not agree/,
    ],
    [
      'widths are anything',
      Array.from({ length: 90 }, (_, i) => ({
        row: 0.1 + ((i * 37) % 90) / 100,
        width: 0.01 * 1.05 ** ((i * 53) % 90),
      })),
      /do not agree/,
    ],
    [
      'far vehicles are wider',
      Array.from({ length: 60 }, (_, i) => ({ row: 0.2 + 0.012 * i, width: 0.3 - 0.004 * i })),
      /do not agree|Only/,
    ],
  ])('is not claimed when %s', (_, samples, reason) => {
    expect(fitScale([samples])).toEqual({ unknown: expect.stringMatching(reason) });
  });
});
