import { Repeating, UNTOLD } from '../lib/repeating.js';
import type { ReceivedMessage } from './received-message.js';
import type { SqsQueue } from './sqs-queue.js';

/** The visibility is extended so many times before it would be over. */
const TIMES = 3;

/**
 * Messages that we have and did not delete yet. While we have them nobody else is given them, for 11.5 hours at most: then they
 * are let go, and come again.
 */
export class HeldMessages {
  private held: readonly ReceivedMessage[];
  private readonly extending: Repeating;
  private readonly since = performance.now();
  private isFirst = true;

  constructor(
    private readonly queue: SqsQueue,
    messages: readonly ReceivedMessage[],
  ) {
    this.held = messages;
    const { visibilitySeconds, longestHeldMs } = queue.pace;
    const everyMs = (visibilitySeconds * 1_000) / TIMES;
    this.extending = new Repeating(() => this.extend(longestHeldMs), {
      everyMs,
      events: UNTOLD,
      endsWithProcess: true,
    });
    this.extending.start();
  }

  /** What we still have, in the order in which it came. */
  get all(): readonly ReceivedMessage[] {
    return this.held;
  }

  /** These are done with. */
  drop(messages: ReadonlySet<ReceivedMessage>): void {
    this.held = this.held.filter((message) => !messages.has(message));
  }

  /** Nothing is extended any more; what is left may be had by others at once. Never rejects. */
  async release(): Promise<void> {
    // Not waited for: a call under way may take long, and what it extends is shown again after it.
    const stopped = this.extending.stop();
    if (this.held.length === 0) return;
    await stopped;
    const receipts = this.held.map(({ receipt }) => receipt);
    this.held = [];
    await this.queue.hide(receipts, 0).catch(() => undefined);
  }

  private async extend(longestHeldMs: number): Promise<void> {
    // They were just received.
    if (this.isFirst) {
      this.isFirst = false;
      return;
    }
    if (this.held.length === 0) return;
    if (performance.now() - this.since > longestHeldMs) {
      this.held = [];
      return;
    }
    const receipts = this.held.map(({ receipt }) => receipt);
    await this.queue.hide(receipts, this.queue.pace.visibilitySeconds);
  }
}
