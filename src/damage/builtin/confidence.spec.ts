import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { confidenceOf, type ReliabilityCurve } from './confidence.js';
import { ROAD_DAMAGE } from './road-model.js';

const CURVE: ReliabilityCurve = [
  [0.5, 0.2],
  [0.9, 0.6],
  [1, 0.9],
];

describe('confidenceOf', () => {
  it('is linear between the points of the curve, and level beyond its ends', () => {
    expect([0.1, 0.5, 0.7, 0.95, 1].map((score) => confidenceOf(score, CURVE))).toEqual([
      ...[0.2, 0.2],
      ...[0.4, 0.75, 0.9].map((value) => expect.closeTo(value)),
    ]);
  });

  it('never falls as the score rises, by the curves of the built-in model', () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(score, score, (a, b) => {
        for (const { reliability } of [ROAD_DAMAGE.pothole, ROAD_DAMAGE.crack]) {
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((one) => confidenceOf(one, reliability));
          expect(low! <= high! && low! >= 0 && high! <= 1).toBe(true);
        }
      }),
    );
  });
});
