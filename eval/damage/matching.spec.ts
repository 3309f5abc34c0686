import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areaMeans } from './area-means.js';
import { averagePrecision, matched, scoreF1 } from './matching.js';

const box = (x: number, score = 1) => ({ x, y: 0, width: 1, height: 1, score });

describe('matched', () => {
  it('gives each true box to one found box, the surest first', () => {
    const { found } = matched([box(0, 0.5), box(0.1, 0.9)], [box(0)], 0.5);
    expect(found).toEqual([
      { score: 0.9, hit: true },
      { score: 0.5, hit: false },
    ]);
  });
});

describe('scoreF1', () => {
  it('is the harmonic mean of precision and recall', () => {
    const { precision, recall, f1 } = scoreF1([matched([box(0), box(5)], [box(0), box(9), box(12)], 0.5)]);
    expect([precision, recall]).toEqual([1 / 2, 1 / 3]);
    expect(f1).toBeCloseTo(0.4);
  });
});

describe('averagePrecision', () => {
  it('is 1 when all is found before anything wrong', () => {
    expect(averagePrecision([matched([box(0, 0.9), box(5, 0.8), box(20, 0.1)], [box(0), box(5)], 0.5)])).toBe(1);
  });

  it('stays within 0 and 1', () => {
    const boxes = fc.array(fc.record({ x: fc.nat(20), score: fc.double({ min: 0, max: 1, noNaN: true }) }));
    fc.assert(
      fc.property(boxes, fc.array(fc.nat(20), { minLength: 1 }), (found, truths) => {
        const match = matched(
          found.map(({ x, score }) => box(x, score)),
          truths.map((x) => box(x)),
          0.5,
        );
        expect(averagePrecision([match])).toBeGreaterThanOrEqual(0);
        expect(averagePrecision([match])).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

describe('areaMeans', () => {
  it('cuts cells where the coarser grid does', () => {
    const means = areaMeans({ width: 3, height: 1, data: [0, 30, 60] }, { width: 2, height: 1 });
    expect([...means]).toEqual([10, 50]);
  });
});
