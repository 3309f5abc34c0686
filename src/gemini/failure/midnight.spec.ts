import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { untilMidnightPacific } from './midnight.js';

const HOUR_MS = 3_600_000;
const hoursFrom = (time: string) => untilMidnightPacific(Date.parse(time)) / HOUR_MS;

describe('the next midnight in Los Angeles', () => {
  it('is at 08:00 UTC in winter and at 07:00 UTC in summer', () => {
    expect(hoursFrom('2026-01-15T07:00:00Z')).toBe(1);
    expect(hoursFrom('2026-07-15T06:00:00Z')).toBe(1);
  });

  it('is a whole day away at midnight itself, and never 0', () => {
    expect(hoursFrom('2026-01-15T08:00:00Z')).toBe(24);
    expect(untilMidnightPacific(Date.parse('2026-01-15T07:59:59.999Z'))).toBe(1);
  });

  it('knows the day of 23 hours and the day of 25', () => {
    expect(hoursFrom('2026-03-08T08:00:00Z')).toBe(23);
    expect(hoursFrom('2026-11-01T07:00:00Z')).toBe(25);
  });

  it('counts through the change of clocks', () => {
    expect(hoursFrom('2026-03-08T09:59:00Z')).toBeCloseTo(21 + 1 / 60);
    expect(hoursFrom('2026-11-01T09:30:00Z')).toBe(22.5);
  });

  it('is when the date changes there, whatever the time', () => {
    const time = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2040-01-01') });
    const dateIn = (at: number) => new Date(at).toLocaleDateString('en-US', { timeZone: 'America/Los_Angeles' });
    fc.assert(
      fc.property(time, (now) => {
        const midnight = now + untilMidnightPacific(now);
        expect(dateIn(midnight - 1)).toBe(dateIn(now));
        expect(dateIn(midnight)).not.toBe(dateIn(now));
      }),
    );
  });
});
