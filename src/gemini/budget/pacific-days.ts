import { DateTime } from 'luxon';

/**
 * The starts of four days in Los Angeles, where Google's quotas of a day begin anew: yesterday, today, tomorrow and the
 * day after, ms since the epoch. Four, so that a clock that is a few hours off still finds its own day among them.
 *
 * @param at ms since the epoch
 */
export function pacificDays(at: number): number[] {
  const today = DateTime.fromMillis(at, { zone: 'America/Los_Angeles' }).startOf('day');
  return [-1, 0, 1, 2].map((days) => today.plus({ days }).toMillis());
}
