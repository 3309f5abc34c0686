import { Repeating, type RepeatingEvents } from '../../lib/repeating.js';
import type { PublishedResult, ResultsFeed } from './results-feed.js';

const COUNT = 20;
/** Between two looks when there was nothing, or Redis is away. ms */
const LOOK_EVERY_MS = 1_000;

/** What is done with each result. Must be safe to do twice; what it throws brings the result back later. */
export type Act = (result: PublishedResult) => Promise<void>;

/** Goes after a results stream, one result at a time, until it is stopped. */
export class Follower {
  private readonly loop: Repeating;
  /** The last result that could not be acted on. */
  private failedOn: string | undefined;

  constructor(
    private readonly feed: ResultsFeed,
    private readonly act: Act,
    events: RepeatingEvents,
    everyMs = LOOK_EVERY_MS,
  ) {
    this.loop = new Repeating((signal) => this.takeSome(signal), { everyMs, events, endsWithProcess: true });
  }

  start(): void {
    this.loop.start();
  }

  /** Finishes the result in hand and leaves the others to be read again. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Gives whether there may be more. */
  private async takeSome(signal: AbortSignal): Promise<boolean> {
    const results = await this.feed.next(COUNT);
    let failure: unknown;
    for (const result of results) {
      if (signal.aborted) break;
      try {
        await this.act(result);
      } catch (error) {
        // The first time all from here on come again at once, in their order. The second time it is left for later, alone.
        if (this.failedOn !== result.id) this.comeAgain(result.id, error);
        failure = error;
      }
    }
    if (failure !== undefined) throw failure as Error;
    return results.length === COUNT;
  }

  private comeAgain(id: string, error: unknown): never {
    this.failedOn = id;
    this.feed.lookBack();
    throw error as Error;
  }
}
