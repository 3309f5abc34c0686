/** The first known name that is at most `mostSlips` slips away from `name`, for "did you mean"; undefined when none is. */
export function nearestName(name: string, known: readonly string[], mostSlips: number): string | undefined {
  return known.find((candidate) => slips(name, candidate, mostSlips) <= mostSlips);
}

/** Levenshtein distance: letters to insert, drop or replace; two letters that changed places count as two. */
function slips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
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
