import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

describe('Retry-After', () => {
  const now = Date.UTC(2024, 8, 9, 10, 0, 0);

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Mon, 09 Sep 2024 10:00:30 GMT', 30_000],
    ['Mon, 09 Sep 2024 09:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));
});
