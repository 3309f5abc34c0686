/** What time it is, for all that judges or shows how old a job is. */
export abstract class Clock {
  /** ms since the epoch */
  abstract now(): number;
}

/** This machine's own: right where there is no other machine to agree with. */
export const MACHINE_CLOCK: Clock = { now: () => Date.now() };

/** Clocks that agree differ by less. What is further ahead is not true. ms */
export const AHEAD_MS = 60_000;
