const HOUR_MS = 3_600_000;
/** Los Angeles is eight hours behind UTC in winter, seven in summer. */
const WINTER_OFFSET_HOURS = 8;
const CLOCK = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/**
 * The starts of four days in Los Angeles, where Google's quotas of a day begin anew: yesterday, today, tomorrow and the
 * day after, ms since the epoch. Four, so that a clock that is a few hours off still finds its own day among them.
 *
 * @param at ms since the epoch
 */
export function pacificDays(at: number): number[] {
  const { year, month, day } = partsOf(at);
  return [-1, 0, 1, 2].map((days) => midnightOf(Date.UTC(year, month - 1, day + days)));
}

/** Clocks change at two in the morning, so that every day has just one midnight. */
function midnightOf(dateUtc: number): number {
  const winter = dateUtc + WINTER_OFFSET_HOURS * HOUR_MS;
  return winter - partsOf(winter).hour * HOUR_MS;
}

function partsOf(at: number): Record<'year' | 'month' | 'day' | 'hour', number> {
  const parts = Object.fromEntries(CLOCK.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return parts as Record<'year' | 'month' | 'day' | 'hour', number>;
}
