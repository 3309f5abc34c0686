/** When jobs that run now were begun: Redis itself only knows when their lease was last renewed. */
export abstract class JobNotes {
  /** @param at ms since the epoch */
  abstract started(jobId: string, at: number): Promise<void>;

  abstract ended(jobId: string): Promise<void>;

  /** For each job when it was begun, ms since the epoch; undefined when nobody noted it. */
  abstract startedAt(jobIds: readonly string[]): Promise<(number | undefined)[]>;
}
