/** A clock that strikes every so often. Times are ms. */
export interface Timetable {
  readonly intervalMs: number;
  /** Later than the whole multiples of the interval by this. */
  readonly offsetMs: number;
}

/**
 * The strokes of a clock that came and are not done, oldest first.
 * @param lastDone the last stroke that is done; undefined when none is known to be. One in the future does not count
 * @param most how many to make up for at most: the newest count
 */
export function slotsDue(
  { intervalMs, offsetMs }: Timetable,
  nowMs: number,
  lastDone: number | undefined,
  most: number,
): number[] {
  const newest = Math.floor((nowMs - offsetMs) / intervalMs) * intervalMs + offsetMs;
  // What was done in the future was done by a clock that was wrong; it says nothing about now.
  const isKnown = lastDone !== undefined && lastDone <= newest;
  const missed = isKnown ? Math.round((newest - lastDone) / intervalMs) : most;
  const count = Math.min(most, missed);
  return Array.from({ length: count }, (_, i) => newest - (count - 1 - i) * intervalMs);
}

/** Spreads cameras over an interval, each always at the same place, so that hundreds do not come at once. ms */
export function offsetOf(cctvId: string, intervalMs: number): number {
  return fnv1a(cctvId) % intervalMs;
}

/** By Fowler, Noll and Vo: small, and spreads names that differ in a digit. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  // The last byte has hardly reached the upper bits.
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
