import { describe, expect, it } from '@jest/globals';
import type { Rest } from './rest.js';
import { growthOf, rowsOf } from './verdict.js';

const restOf = (rss: number, descriptors: number): Rest => ({
  'steady worker': { rss, descriptors },
  'restarted worker': { rss, descriptors },
  Redis: { memory: 2e6, keys: 20 },
});

describe('growth', () => {
  it('is none within 5 % of memory and a few connections', () => {
    expect(growthOf(rowsOf(restOf(1e8, 10), restOf(2e8, 50), restOf(2.09e8, 53)))).toEqual([]);
  });

  it('is told of the steady worker and of Redis', () => {
    const end = { ...restOf(2.11e8, 54), Redis: { memory: 4e6, keys: 20 } };
    expect(growthOf(rowsOf(restOf(1e8, 10), restOf(2e8, 50), end))).toEqual([
      'steady worker: rss grew from 200.0 MB to 211.0 MB',
      'steady worker: descriptors grew from 50 to 54',
      'Redis: memory grew from 2.0 MB to 4.0 MB',
    ]);
  });

  it('is told where a number is missing', () => {
    expect(growthOf(rowsOf(restOf(1, 1), restOf(1, 1), restOf(NaN, 1)))).toHaveLength(1);
  });
});
