/** Making a clock costs a thousand times more than asking it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Payloads may name zones: the cache must not grow with whatever they name. */
const MOST_CLOCKS = 64;

/** True for an IANA time zone that this Node knows, such as `Asia/Seoul`. */
export function isTimeZone(zone: string): boolean {
  return clockOf(zone) !== undefined;
}

/**
 * The time at which a clock in `zone` shows `wallMs` (its reading as if it were UTC), ms since the epoch. A reading that
 * occurs twice in autumn is taken with one of its two offsets, one that spring skips with an offset beside it: within an
 * hour either way. Undefined for an unknown zone.
 */
export function utcOfZoned(wallMs: number, zone: string): number | undefined {
  const clock = clockOf(zone);
  if (clock === undefined) return undefined;
  // The second look corrects the first when a change of offset lies between the two.
  const guess = wallMs - offsetAt(wallMs, clock);
  return wallMs - offsetAt(guess, clock);
}

function offsetAt(utcMs: number, clock: Intl.DateTimeFormat): number {
  const part: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(utcMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000;
}

function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  const clock = clocks.get(zone) ?? makeClock(zone);
  if (clock !== undefined && clocks.size < MOST_CLOCKS) clocks.set(zone, clock);
  return clock;
}

function makeClock(zone: string): Intl.DateTimeFormat | undefined {
  const numeric = 'numeric' as const;
  const fields = { year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric };
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
  } catch {
    return undefined;
  }
}
