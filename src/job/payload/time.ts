import { timeOf, type Reading } from './zone.js';

/** A point in time as a producer wrote it. */
export interface ParsedTime {
  /** ms since the epoch */
  ms: number;
  /** Says that the text had no zone and which one was assumed. */
  warning?: string;
}

/**
 * Reads every form of a time that Java producers write: epoch seconds, ms, µs or ns (told apart by size, exponents and
 * fractions allowed), ISO 8601 with up to nine decimals, with or without seconds, offset and `[Zone/Id]`, and Jackson's
 * `[2026,11,21,22,0]`. Without an offset the time is read in `zone`; {@link timeOf} says how where clocks change.
 *
 * @param zone an IANA zone
 * @returns undefined for anything else, and outside of the years 1970 to 9999
 */
export function parseTime(text: string, zone = 'UTC'): ParsedTime | undefined {
  const time = NUMBER.test(text) ? { ms: epochMs(Number(text)) } : (parseIso(text, zone) ?? parseArray(text, zone));
  return time !== undefined && time.ms >= 0 && time.ms <= LATEST_MS ? time : undefined;
}

const NUMBER = /^\d+(?:\.\d*)?(?:[eE]\+?\d+)?$/;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Below, a count of seconds reaches the year 5138, one of ms only 1973: nobody means that. Then 1000 times more each. */
const SECONDS_BELOW = 1e11;

function epochMs(value: number): number {
  if (value < SECONDS_BELOW) return Math.round(value * 1000);
  if (value < SECONDS_BELOW * 1e3) return Math.floor(value);
  return Math.floor(value < SECONDS_BELOW * 1e6 ? value / 1e3 : value / 1e6);
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?(?:\[([\w/+:-]{1,64})\])?$/i;

function parseIso(text: string, zone: string): ParsedTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset, zoneId] = match;
  const reading = readingOf([year, month, day, hour, minute, second, fraction.padEnd(9, '0')]);
  if (offset !== undefined) return known(timeOf(reading, 'UTC'), offsetMs(offset));
  return zoneId === undefined ? assumed(text, reading, zone) : known(timeOf(reading, zoneId));
}

const ARRAY = /^\[\d{1,9}(?:,\d{1,9}){4,6}\]$/;

function parseArray(text: string, zone: string): ParsedTime | undefined {
  return ARRAY.test(text) ? assumed(text, readingOf(text.slice(1, -1).split(',')), zone) : undefined;
}

function readingOf(texts: readonly (string | undefined)[]): Reading {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nanos = 0] = texts.map(Number);
  return { year, month, day, hour, minute, second, millisecond: Math.floor(nanos / 1e6) };
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const digits = offset.slice(1).replaceAll(':', '').padEnd(6, '0');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return seconds * (offset.startsWith('-') ? -1000 : 1000);
}

function assumed(text: string, reading: Reading, zone: string): ParsedTime | undefined {
  const time = known(timeOf(reading, zone));
  return time && { ...time, warning: `The time ${text} has no zone; it was read as ${zone} (PAYLOAD_TIME_ZONE).` };
}

function known(ms: number | undefined, ahead = 0): ParsedTime | undefined {
  return ms === undefined ? undefined : { ms: ms - ahead };
}
