import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUrgent, riskOf } from './risk.js';

const HOUR_MS = 3_600_000;
const judgement = (hours: number, safetyScore: number) => ({ at: hours * HOUR_MS, safetyScore });

describe('riskOf', () => {
  it('is undefined for a camera nobody judged', () => expect(riskOf([], HOUR_MS)).toBeUndefined());

  it('lets a judgement weigh half of one that is a half-life younger', () => {
    expect(riskOf([judgement(0, 100), judgement(6, 40)], 6 * HOUR_MS)).toMatchObject({ safetyScore: 60, risk: 40 });
  });

  it('sees things get worse, get better and stay', () => {
    const trend = (...scores: number[]) =>
      riskOf(
        scores.map((score, hour) => judgement(hour, score)),
        HOUR_MS,
      )?.trend;
    expect(trend(90, 90, 90, 40)).toBe('worse');
    expect(trend(30, 30, 30, 90)).toBe('better');
    expect(trend(70, 72, 69, 71)).toBe('steady');
  });

  it('stays between the lowest and the highest score, in whichever order they come', () => {
    const judgements = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 1e9 }), safetyScore: fc.integer({ min: 0, max: 100 }) }),
      { minLength: 1, maxLength: 48 },
    );
    fc.assert(
      fc.property(judgements, (all) => {
        const risk = riskOf(all, 6 * HOUR_MS);
        const scores = all.map(({ safetyScore }) => safetyScore);
        expect(risk?.safetyScore).toBeGreaterThanOrEqual(Math.min(...scores));
        expect(risk?.safetyScore).toBeLessThanOrEqual(Math.max(...scores));
        expect(riskOf([...all].reverse(), 6 * HOUR_MS)?.newestAt).toBe(risk?.newestAt);
      }),
    );
  });
});

describe('isUrgent', () => {
  const risk = riskOf([judgement(0, 20)], HOUR_MS);

  it('is so at and above the threshold', () => {
    expect(isUrgent(risk, 80, HOUR_MS, 0)).toBe(true);
    expect(isUrgent(risk, 81, HOUR_MS, 0)).toBe(false);
  });

  it('ends when nothing new was heard for long', () => expect(isUrgent(risk, 80, HOUR_MS, 5 * HOUR_MS)).toBe(false));

  it('is never so for a camera nobody judged', () => expect(isUrgent(undefined, 0, HOUR_MS, 0)).toBe(false));
});
