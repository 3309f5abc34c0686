import { distance } from 'fastest-levenshtein';

/**
 * The first known name that is at most `mostSlips` slips away from `name`, for "did you mean"; undefined when none is.
 * A slip is a letter to insert, drop or replace; two letters that changed places count as two.
 */
export function nearestName(name: string, known: readonly string[], mostSlips: number): string | undefined {
  return known.find((candidate) => distance(name, candidate) <= mostSlips);
}
