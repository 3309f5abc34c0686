import { RateLimitedError } from './errors.js';

/** When who was refused may ask again. ms */
const BUSY_FOR_MS = 10_000;

/** Places to run work in. The worker's pool is the only one; work on request takes its place in the same line. */
export abstract class Slots {
  /**
   * Whether one more may come to borrow. `others` are those who came and are not done: at work, in line, or still on
   * their way to it. For who must know before it takes in what the work needs.
   * @throws TransientStepError ROLE_NOT_HERE where there are no slots
   */
  abstract hasRoomBeside(others: number): boolean;

  /**
   * Runs `work` in a slot as soon as one is free.
   * @throws the signal's reason when it aborts while waiting
   * @throws RateLimitedError BUSY when too many wait already
   * @throws TransientStepError ROLE_NOT_HERE where there are no slots
   */
  abstract borrow<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** What says so to who comes when there is no room. */
export function busy(): RateLimitedError {
  return new RateLimitedError('BUSY', 'All slots are taken and others wait already; try again soon.', BUSY_FOR_MS);
}
