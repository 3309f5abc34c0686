/** Places to run work in. The worker's pool is the only one; work on request takes its place in the same line. */
export abstract class Slots {
  /**
   * Runs `work` in a slot as soon as one is free.
   * @throws the signal's reason when it aborts while waiting
   */
  abstract borrow<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}
