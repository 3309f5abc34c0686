import { describe, expect, it } from '@jest/globals';
import { nearestName } from './nearest-name.js';

describe('nearestName', () => {
  it.each([
    ['REDIS_STREAM', 0],
    ['REDIS_STREA', 1],
    ['REDIS_STREAMS', 1],
    ['REDIS_STREEM', 1],
    ['REDIS_STRAEM', 2],
  ])('finds REDIS_STREAM for %s from %i slips on', (name, slips) => {
    expect(nearestName(name, ['PORT', 'REDIS_STREAM'], slips)).toBe('REDIS_STREAM');
    expect(nearestName(name, ['PORT', 'REDIS_STREAM'], slips - 1)).toBeUndefined();
  });

  it('takes the first of several', () => {
    expect(nearestName('width', ['widthM', 'widths'], 1)).toBe('widthM');
  });

  it('can tell long names apart', () => {
    const long = 'n'.repeat(200);
    expect(nearestName(`${long}ab`, [`${long}ba`], 2)).toBe(`${long}ba`);
    expect(nearestName(`${long}abc`, [long], 2)).toBeUndefined();
  });
});
