import { describe, expect, it } from '@jest/globals';
import { restartDelayMs } from './restart-delay.js';
import { bytesToFree, expired, oldestUpTo } from './retention.js';

const HOUR_MS = 3_600_000;
const LENGTH_MS = 600_000;
const NOW_MS = 100 * HOUR_MS;

const file = (age: number, bytes = 10) => ({ path: `/${age}`, startMs: NOW_MS - age, bytes });

describe('keeping recordings', () => {
  it('lets go what is older than it is kept, counted from its end', () => {
    const files = [file(25 * HOUR_MS), file(24 * HOUR_MS + LENGTH_MS), file(HOUR_MS)];
    const policy = { keepMs: 24 * HOUR_MS, lengthMs: LENGTH_MS };
    expect(expired(files, policy, NOW_MS).map(({ path }) => path)).toEqual([`/${25 * HOUR_MS}`]);
  });

  it('never lets go the segment that goes on, nor those whose job is to come, however short the time', () => {
    const files = [0, 1, 2, 3, 4].map((n) => file(n * LENGTH_MS));
    expect(expired(files, { keepMs: 0, lengthMs: LENGTH_MS }, NOW_MS)).toEqual([files[4]]);
  });

  it('frees as much as makes the disk no fuller than allowed', () => {
    expect(bytesToFree({ used: 70, available: 30 }, 0.8)).toBe(0);
    expect(bytesToFree({ used: 95, available: 5 }, 0.8)).toBe(15);
  });

  it('lets the oldest go first, and no more than needed', () => {
    const files = [file(1), file(3), file(2)];
    expect(oldestUpTo(files, 15).map(({ path }) => path)).toEqual(['/3', '/2']);
    expect(oldestUpTo(files, 0)).toEqual([]);
    expect(oldestUpTo(files, 1_000)).toHaveLength(3);
  });
});

describe('beginning a recording anew', () => {
  it('waits 10 s, then ever longer, up to 5 minutes', () => {
    expect([1, 2, 3, 6, 7, 1_000].map((failures) => restartDelayMs(failures))).toEqual([
      10_000, 20_000, 40_000, 300_000, 300_000, 300_000,
    ]);
  });
});
