import { nearestName } from '../../lib/text/nearest-name.js';
import { wasRemoved } from './removed.js';

/** A warning for every variable that is none of ours but one or two slips away from one, such as `REDIS_STRAEM`. */
export function findMisspelt(env: Readonly<Record<string, string | undefined>>, known: readonly string[]): string[] {
  const longEnough = known.filter((name) => name.length >= SHORTEST);
  return Object.keys(env)
    .filter((name) => name.length >= SHORTEST && !known.includes(name) && !wasRemoved(name))
    .flatMap((name) => {
      const lower = known.find((other) => other === name.toUpperCase());
      if (lower !== undefined)
        return [`${name} is in lower-case letters, which nobody reads; ${lower} is. It was ignored.`];
      const meant = nearestName(name, longEnough, MOST_SLIPS);
      return meant === undefined ? [] : [`${name} is no setting of this service; ${meant} is. It was ignored.`];
    });
}

/** Shorter names are near to anybody's. */
const SHORTEST = 8;
const MOST_SLIPS = 2;
