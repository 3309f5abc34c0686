import { describe, expect, it, jest } from '@jest/globals';
import { IANAZone, Settings } from 'luxon';
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

  // As java.time has it: the first of two, and past a gap by as much as the clock goes on.
  it.each([
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['America/Los_Angeles', '2026-03-08T02:30', '2026-03-08T10:30:00.000Z'],
    ['America/Los_Angeles', '2026-11-01T01:30', '2026-11-01T08:30:00.000Z'],
    ['Australia/Adelaide', '2026-10-04T02:30', '2026-10-03T17:00:00.000Z'],
    ['Australia/Adelaide', '2026-04-05T02:30', '2026-04-04T16:00:00.000Z'],
    // Its clocks change by half an hour.
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:45:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
    // It went over the date line: there was no 30 December.
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00:00.000Z'],
  ])('takes a reading in %s that is skipped or comes twice, %s, as %s', (zone, reading, utc) => {
    expect(iso(reading, zone)).toBe(utc);
    expect(iso(`${reading}[${zone}]`)).toBe(utc);
    expect(iso(JSON.stringify(reading.split(/\D/).map(Number)), zone)).toBe(utc);
  });

  it.each(['2026-01-15T00:00Z', '2026-07-15T00:00Z'])('says the same whatever the season, as on %s', (now) => {
    jest.useFakeTimers({ now: Date.parse(now) });
    Settings.resetCaches();
    try {
      expect(iso('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
      expect(iso('2026-04-05T02:30', 'Australia/Adelaide')).toBe('2026-04-04T16:00:00.000Z');
    } finally {
      jest.useRealTimers();
    }
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T12:00Z', '2026-10-24T12:00Z'],
    ['America/Los_Angeles', '2026-03-07T20:00Z', '2026-10-31T20:00Z'],
    ['Australia/Adelaide', '2026-10-03T00:00Z', '2026-04-04T00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T00:00Z', '2026-04-04T00:00Z'],
  ])('finds the first time at which a clock in %s shows what it shows', (zone, ...changes) => {
    const clock = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    const first = new Map<string, number>();
    for (const noon of changes) {
      for (let quarter = 0; quarter < 24 * 4; quarter++) {
        const at = Date.parse(noon) + quarter * 15 * 60_000;
        if (!first.has(clock.format(at))) first.set(clock.format(at), at);
      }
    }
    const wrong = [...first].filter(([shown, at]) => parseTime(shown, zone)?.ms !== at);
    expect(first.size).toBeLessThan(2 * 24 * 4);
    expect(wrong).toEqual([]);
  });

  it('reads 24:00 as the midnight at the end of the day', () => {
    expect(iso('2026-12-31T24:00Z')).toBe('2027-01-01T00:00:00.000Z');
    expect(iso('2026-12-31T24:00', 'Asia/Seoul')).toBe('2026-12-31T15:00:00.000Z');
    expect(iso('2026-12-31T24:01Z')).toBeUndefined();
  });

  it('reads the numbers of an array with zeros in front of them', () => {
    expect(iso('[2026,01,05,07,08,09]')).toBe('2026-01-05T07:08:09.000Z');
  });

  it('does not remember every zone that payloads name', () => {
    parseTime('2026-11-21T22:00[Asia/Seoul]');
    const before = IANAZone.create('Asia/Seoul');
    for (let i = 0; i < 200; i++) parseTime(`2026-11-21T22:00[Nowhere/Land-${i}]`);
    expect(IANAZone.create('Asia/Seoul')).not.toBe(before);
  });

  it.each([
    '',
    'now',
    '-5',
    '2026-02-30T00:00Z',
    '2026-11-21T25:00Z',
    '2026-11-21T22:60Z',
    '2026-13-21T22:00Z',
    '0070-01-01T00:00Z',
    '[999999999,1,1,0,0]',
    `[2026,11,21,22,${'9'.repeat(400)}]`,
    '2026-11-21',
    '1e400',
    '9e18000',
    '1963-01-01T00:00Z',
    '[1,2]',
    '2026-11-21T22:00[Nowhere/Land]',
  ])('does not read %j', (text) => expect(parseTime(text)).toBeUndefined());
});
