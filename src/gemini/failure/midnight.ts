import { pacificDays } from '../budget/pacific-days.js';

/**
 * Until a project's quota of the day is full again: the next midnight in Los Angeles.
 * @param now ms since the epoch
 * @returns ms, more than 0
 */
export function untilMidnightPacific(now: number): number {
  const [, , tomorrow = Number.NaN] = pacificDays(now);
  return tomorrow - now;
}
