/** Google counts a project's day by this clock. */
const ZONE = 'America/Los_Angeles';

const HOUR_MS = 3_600_000;

/** Between midnights on the days when clocks are changed there are 23 and 25 hours. */
const LONGEST_DAY_MS = 25 * HOUR_MS;

const CLOCK = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, dateStyle: 'short' });

/**
 * Until a project's quota of the day is full again: the next midnight in Los Angeles.
 * @param now ms since the epoch
 * @returns ms, more than 0
 */
export function untilMidnightPacific(now: number): number {
  const today = CLOCK.format(now);
  let before = now;
  let after = now + LONGEST_DAY_MS;
  // Halving needs no arithmetic with offsets, which change at hours of their own.
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (CLOCK.format(middle) === today) before = middle;
    else after = middle;
  }
  return after - now;
}
