import { DateTime, FixedOffsetZone, IANAZone, Settings, type Zone } from 'luxon';

/** What calendar and clock show. */
export type Reading = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond', number>>;

/** True for an IANA time zone that this Node knows, such as `Asia/Seoul`. */
export function isTimeZone(zone: string): boolean {
  return zoneOf(zone).isValid;
}

/**
 * The time at which a clock in `zone` shows the reading, ms since the epoch. As Java's `ZonedDateTime.of` takes it: a
 * reading that occurs twice when summer time ends is the first of the two, and one that is skipped when it begins is read
 * as if the clock had not been changed yet, so that 02:30 is 03:30. Undefined for an unknown zone and for a reading that
 * no calendar has, as February 30.
 */
export function timeOf(reading: Reading, zone: string): number | undefined {
  // By itself luxon takes whichever of the two has the offset of today.
  const [first] = DateTime.fromObject(reading, { zone: zoneOf(zone) }).getPossibleOffsets();
  return first?.isValid === true ? first.toMillis() : undefined;
}

/** Payloads may name zones, and luxon remembers all that it was ever asked for: after so many it has to begin anew. */
const MOST_ZONES = 64;
const asked = new Set<string>();

function zoneOf(name: string): Zone {
  // Most times come with an offset: no need to ask the clocks of the world.
  if (name === 'UTC') return FixedOffsetZone.utcInstance;
  if (asked.size >= MOST_ZONES && !asked.has(name)) {
    asked.clear();
    Settings.resetCaches();
  }
  asked.add(name);
  return IANAZone.create(name);
}
