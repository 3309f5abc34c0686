import { describe, expect, it } from '@jest/globals';
import { pacificDays } from './pacific-days.js';

const isoDays = (at: string): string[] => pacificDays(Date.parse(at)).map((ms) => new Date(ms).toISOString());

describe('the days of Los Angeles', () => {
  it('begin at 08:00 UTC in winter', () => {
    expect(isoDays('2026-01-10T07:59:59Z')).toEqual([
      '2026-01-08T08:00:00.000Z',
      '2026-01-09T08:00:00.000Z',
      '2026-01-10T08:00:00.000Z',
      '2026-01-11T08:00:00.000Z',
    ]);
    expect(isoDays('2026-01-10T08:00:00Z')[1]).toBe('2026-01-10T08:00:00.000Z');
  });

  it('last 23 hours when summer time begins and 25 when it ends', () => {
    expect(isoDays('2026-03-08T20:00:00Z').slice(1, 3)).toEqual([
      '2026-03-08T08:00:00.000Z',
      '2026-03-09T07:00:00.000Z',
    ]);
    expect(isoDays('2026-11-01T20:00:00Z').slice(1, 3)).toEqual([
      '2026-11-01T07:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ]);
  });
});
