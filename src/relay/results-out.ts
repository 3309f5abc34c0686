import type { JobResult } from '../job/handler.js';
import { Repeating, UNTOLD } from '../lib/repeating.js';
import type { PublishedResult, ResultsFeed } from '../queue/results/results-feed.js';
import type { RelayReport } from './relay-report.js';

/** A result on its way to another system. */
export interface OutgoingResult {
  /** The kind of job that it is of. */
  readonly kind: string;
  /** Its name, the same each time it is sent: the id of its entry among the results of its kind. */
  readonly id: string;
  readonly fields: JobResult;
}

/** What became of results that were sent. What is named in neither list is sent again. */
export interface SendAnswer {
  /** Ids of those that the other side has. */
  readonly sent: readonly string[];
  /** Those that it will never take; they are given up. */
  readonly refused?: readonly { readonly id: string; readonly why: string }[];
  /** Why it did not take the rest; left out when there is no rest. */
  readonly error?: unknown;
}

/**
 * Another system that results go to. Resolves once it knows what became of each.
 * @param signal aborts when the process stops
 * @throws when none was taken: all are sent again
 */
export type SendResults = (results: readonly OutgoingResult[], signal: AbortSignal) => Promise<SendAnswer>;

/** As many go in one call. */
const COUNT = 10;
/** Between two looks for results, ms. */
const LOOK_EVERY_MS = 1_000;
/** Before the first retry; it doubles with each further one, up to {@link LONGEST_WAIT_MS}. ms */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Carries the results of one kind of job to another system, at least once and in their order. One batch is in hand at a time:
 * it stays there while the other side does not take it, and is marked as done in Redis once it has.
 */
export class ResultsOut {
  private readonly loop: Repeating;
  private inHand: PublishedResult[] = [];
  /** What the other side has, and Redis does not know of yet. */
  private sent: string[] = [];
  private failures = 0;

  constructor(
    private readonly kind: string,
    private readonly feed: ResultsFeed,
    private readonly send: SendResults,
    private readonly report: RelayReport,
  ) {
    const everyMs = (): number => this.waitMs();
    this.loop = new Repeating((signal) => this.carrySome(signal), { everyMs, events: UNTOLD, endsWithProcess: true });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends once the call under way has ended; what was not sent by then is read again by another, or after the next start. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Gives whether there may be more. */
  private async carrySome(signal: AbortSignal): Promise<boolean> {
    try {
      await this.markDone();
      if (this.inHand.length === 0) this.inHand = await this.feed.next(COUNT);
      const hasMore = this.inHand.length === COUNT;
      if (this.inHand.length > 0) await this.sendInHand(signal);
      else this.report.age(0);
      this.failures = 0;
      this.report.works(this.kind);
      return hasMore;
    } catch (error) {
      if (signal.aborted) return false;
      this.failures += 1;
      this.report.fails(error, this.kind);
      // Another reader takes over what nobody holds.
      await this.feed.hold(this.inHand.map(({ id }) => id)).catch(() => undefined);
      return false;
    }
  }

  private async sendInHand(signal: AbortSignal): Promise<void> {
    const { kind, inHand } = this;
    const answer = await this.send(
      inHand.map(({ id, fields }) => ({ kind, id, fields })),
      signal,
    ).catch((error: unknown): SendAnswer => ({ sent: [], error }));
    this.note(answer);
    await this.markDone();
    if (this.inHand.length > 0) throw answer.error as Error;
  }

  private note({ sent, refused = [] }: SendAnswer): void {
    const done = new Set([...sent, ...refused.map(({ id }) => id)]);
    const [first] = this.inHand;
    if (first !== undefined) this.report.age(Date.now() - Number(first.id.split('-')[0]));
    this.report.count('sent', sent.length);
    for (const { id, why } of refused) this.report.refused(id, why);
    this.report.count('failed', this.inHand.length - done.size);
    this.sent.push(...done);
    this.inHand = this.inHand.filter(({ id }) => !done.has(id));
  }

  private async markDone(): Promise<void> {
    if (this.sent.length === 0) return;
    await this.feed.done(...this.sent);
    this.sent = [];
  }

  private waitMs(): number {
    if (this.failures === 0) return LOOK_EVERY_MS;
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, this.failures - 1));
  }
}
