/** A warning for every variable that is none of ours but one or two slips away from one, such as `REDIS_STRAEM`. */
export function findMisspelt(env: Readonly<Record<string, string | undefined>>, known: readonly string[]): string[] {
  return Object.keys(env)
    .filter((name) => name.length >= SHORTEST && !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((candidate) => candidate.length >= SHORTEST && slips(name, candidate) <= MOST_SLIPS);
      return meant === undefined ? [] : [`${name} is no setting of this service; ${meant} is. It was ignored.`];
    });
}

/** Shorter names are near to anybody's. */
const SHORTEST = 8;
const MOST_SLIPS = 2;

/** Levenshtein distance: letters to insert, drop or replace; two letters that changed places count as two. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_SLIPS) return MOST_SLIPS + 1;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
