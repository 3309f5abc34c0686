/** As Frigate waits. ms */
const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;

/** How long to wait before a camera is recorded again after so many failures in a row, from 1. ms */
export function restartDelayMs(failures: number, firstMs = FIRST_MS): number {
  return Math.min(LONGEST_MS, firstMs * 2 ** Math.min(failures - 1, 20));
}
