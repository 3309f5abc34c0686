import { utcOfZoned } from './zone.js';

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
 * `[2026,11,21,22,0]`. Without an offset the time is read in `zone`.
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
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?(?:\[([\w/+:-]+)\])?$/i;

function parseIso(text: string, zone: string): ParsedTime | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset, zoneId] = match;
  const wall = wallMs(
    [year, month, day, hour, minute, second].map(Number),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  if (wall === undefined) return undefined;
  if (offset !== undefined) return { ms: wall - offsetMs(offset) };
  return zoneId === undefined ? assumed(text, wall, zone) : inZone(wall, zoneId);
}

const ARRAY = /^\[\d+(?:,\d+){4,6}\]$/;

function parseArray(text: string, zone: string): ParsedTime | undefined {
  if (!ARRAY.test(text)) return undefined;
  const [year, month, day, hour, minute, second = 0, nanos = 0] = JSON.parse(text) as number[];
  const wall = wallMs([year, month, day, hour, minute, second].map(Number), Math.floor(nanos / 1e6));
  return wall === undefined ? undefined : assumed(text, wall, zone);
}

/** A wall clock's reading as if it were UTC, ms; undefined for one that no calendar has, as February 30. */
function wallMs(parts: number[], ms: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const digits = offset.slice(1).replaceAll(':', '').padEnd(6, '0');
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return seconds * (offset.startsWith('-') ? -1000 : 1000);
}

function assumed(text: string, wall: number, zone: string): ParsedTime | undefined {
  const time = inZone(wall, zone);
  return time && { ...time, warning: `The time ${text} has no zone; it was read as ${zone} (PAYLOAD_TIME_ZONE).` };
}

function inZone(wall: number, zone: string): ParsedTime | undefined {
  const ms = utcOfZoned(wall, zone);
  return ms === undefined ? undefined : { ms };
}
