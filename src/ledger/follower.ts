import { setTimeout as after } from 'node:timers/promises';
import type { PublishedResult, ResultsFeed } from './results-feed.js';

const COUNT = 20;
/** Between two looks when there was nothing, or Redis is away. ms */
const LOOK_EVERY_MS = 1_000;

/** What is done with each result. Must be safe to do twice; what it throws brings the result back later. */
export type Act = (result: PublishedResult) => Promise<void>;

/** Told once when following begins to fail, and once when it works again. */
export interface FollowerEvents {
  failing(error: unknown): void;
  following(): void;
}

/** Goes after a results stream, one result at a time, until it is stopped. */
export class Follower {
  private readonly stopping = new AbortController();
  private isFailing = false;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly feed: ResultsFeed,
    private readonly act: Act,
    private readonly events: FollowerEvents,
    private readonly lookEveryMs = LOOK_EVERY_MS,
  ) {}

  start(): void {
    this.loop ??= this.follow();
  }

  /** Finishes the result in hand and leaves the others to be read again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async follow(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const count = await this.takeSome(signal);
      if (count < COUNT) await after(this.lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async takeSome(signal: AbortSignal): Promise<number> {
    try {
      const results = await this.feed.next(COUNT);
      for (const result of results) if (!signal.aborted) await this.act(result);
      if (this.isFailing) this.events.following();
      this.isFailing = false;
      return results.length;
    } catch (error) {
      // Whoever stops hangs up: that is no news.
      if (!this.isFailing && !signal.aborted) this.events.failing(error);
      this.isFailing = true;
      return 0;
    }
  }
}
