/** A time in ISO 8601; undefined for one that no date can hold: the id of a stream's entry may be any number. @param ms since the epoch */
export function isoTime(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
