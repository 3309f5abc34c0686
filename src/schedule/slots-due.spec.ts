import { describe, expect, it } from '@jest/globals';
import { offsetOf, slotsDue } from './slots-due.js';

const EVERY_10 = { intervalMs: 10, offsetMs: 0 };

describe('the clock of the schedule', () => {
  it('has struck at whole multiples of its interval', () => {
    expect(slotsDue(EVERY_10, 40, 30, 3)).toEqual([40]);
    expect(slotsDue(EVERY_10, 39, 30, 3)).toEqual([]);
    expect(slotsDue({ intervalMs: 10, offsetMs: 4 }, 43, 24, 3)).toEqual([34]);
  });

  it('gives missed strokes again, oldest first, but no more than are made up for', () => {
    expect(slotsDue(EVERY_10, 65, 30, 9)).toEqual([40, 50, 60]);
    expect(slotsDue(EVERY_10, 1_005, 30, 3)).toEqual([980, 990, 1_000]);
    expect(slotsDue(EVERY_10, 1_005, undefined, 2)).toEqual([990, 1_000]);
  });

  it('strikes on where the clock had been wrong and was put back', () => {
    expect(slotsDue(EVERY_10, 25, 60_000, 1)).toEqual([20]);
  });

  it('spreads cameras over an interval, each always at its own place', () => {
    const minutes = Array.from({ length: 600 }, (_, n) => Math.floor(offsetOf(`cctv_${n}`, 600_000) / 60_000));
    const perMinute = Array.from({ length: 10 }, (_, minute) => minutes.filter((m) => m === minute).length);
    expect(Math.max(...perMinute)).toBeLessThan(100);
    expect(Math.min(...perMinute)).toBeGreaterThan(30);
    expect(offsetOf('cctv_1', 600_000)).toBe(offsetOf('cctv_1', 600_000));
  });
});
