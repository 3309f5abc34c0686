import { describe, expect, it } from '@jest/globals';
import { parseTime } from './time.js';

const AT = Date.UTC(2026, 10, 21, 13, 0, 0);
const iso = (text: string, zone?: string): string | undefined => {
  const time = parseTime(text, zone);
  return time && new Date(time.ms).toISOString();
};

describe('parseTime', () => {
  it.each([
    String(AT),
    String(AT / 1000),
    `${AT}000`,
    `${AT}000000`,
    `${AT / 1000}.000000000`,
    '1.795266E12',
    '1.795266E9',
    '2026-11-21T13:00:00Z',
    '2026-11-21T13:00:00.000000000Z',
    '2026-11-21T22:00+09:00[Asia/Seoul]',
    '2026-11-21T22:00:00[Asia/Seoul]',
    '2026-11-21T13:00Z[UTC]',
    '2026-11-21T22:00:00+0900',
    '2026-11-21 13:00:00',
    '2026-11-21T13:00',
    '[2026,11,21,13,0]',
    '[2026,11,21,13,0,0,999999]',
  ])('reads %s', (text) => expect(parseTime(text)?.ms).toBe(AT));

  it('keeps ms and drops what is finer', () => {
    expect(iso('2026-11-21T13:00:00.123456789Z')).toBe('2026-11-21T13:00:00.123Z');
    expect(iso('2026-11-21T13:00:00.5Z')).toBe('2026-11-21T13:00:00.500Z');
  });

  it('warns only where no zone was written', () => {
    expect(parseTime('2026-11-21T22:00', 'Asia/Seoul')?.warning).toMatch(/no zone.*Asia\/Seoul/);
    expect(parseTime('[2026,11,21,13,0]')?.warning).toMatch(/no zone/);
    expect(parseTime('2026-11-21T22:00Z')?.warning).toBeUndefined();
    expect(parseTime(String(AT))?.warning).toBeUndefined();
  });

  it('reads a wall clock on both sides of a change of offset', () => {
    expect(iso('2026-03-29T01:59:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:59.000Z');
    expect(iso('2026-03-29T03:00:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
    expect(iso('2026-10-25T03:00:00', 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z');
    expect(iso('2026-01-01T00:30:00', 'America/New_York')).toBe('2026-01-01T05:30:00.000Z');
  });

  it.each([
    '',
    'now',
    '-5',
    '2026-02-30T00:00Z',
    '2026-11-21T25:00Z',
    '2026-11-21',
    '1e400',
    '9e18000',
    '1963-01-01T00:00Z',
    '[1,2]',
    '2026-11-21T22:00[Nowhere/Land]',
  ])('does not read %j', (text) => expect(parseTime(text)).toBeUndefined());
});
