import type { OutageError } from '../job/errors.js';
import { orLate } from '../lib/deadline.js';

/** What a look at something of ours found. */
export interface StoreCheck {
  ok: boolean;
  /** A sentence; when not ok, what to do. */
  message: string;
}

/** Told of an outage once when it begins and once when it ends. */
export interface OutageEvents {
  /** @param why a sentence for the operator */
  lost(why: string): void;
  /** @param afterMs how long it lasted, ms */
  back(afterMs: number): void;
}

/** How often something is looked at. Times in ms. */
export interface WatchPace {
  /** What was found holds for so long. */
  freshMs: number;
  /** A look that takes longer has found it not to answer. */
  lookMs: number;
  /** Before the first look in an outage; doubled for every further one ... */
  firstMs: number;
  /** ... up to this. */
  longestMs: number;
}

/** Soon enough that hardly a camera is watched for nothing, seldom enough that no account is locked. */
export const WATCH_PACE: WatchPace = { freshMs: 10_000, lookMs: 15_000, firstMs: 1_000, longestMs: 60_000 };

/**
 * Knows whether something works that every job needs. From the moment that a look finds it broken there is an outage: it is
 * looked at again and again, ever less often and at random moments, until it works.
 */
export class OutageWatch<Found extends StoreCheck> {
  private last: { found: Found; at: number } | undefined;
  private outage: { since: number; looks: number; bytes: number | undefined } | undefined;
  private looking: Promise<Found> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /**
   * @param refusal the error that says why nothing can be done
   * @param look tries it out, with so many bytes where they matter; never throws
   * @param silent what was found when a look does not end
   */
  constructor(
    private readonly refusal: (why: string) => OutageError,
    private readonly look: (bytes: number | undefined) => Promise<Found>,
    private readonly silent: (afterMs: number) => Found,
    private readonly events: OutageEvents,
    private readonly pace: WatchPace = WATCH_PACE,
  ) {}

  /** Why no job could do its work now; undefined while it works. Costs nothing. */
  get why(): string | undefined {
    return this.outage === undefined ? undefined : this.last?.found.message;
  }

  /** What is known; looks first if that is too old. In an outage what the last look found. */
  async found(): Promise<Found> {
    const { last, outage, pace } = this;
    if (last !== undefined && (outage !== undefined || performance.now() - last.at < pace.freshMs)) return last.found;
    return this.lookNow(undefined);
  }

  /** @throws OutageError while it does not work */
  async ensure(): Promise<void> {
    const { ok, message } = await this.found();
    if (!ok) throw this.refusal(message);
  }

  /**
   * Something failed: whether an outage of ours explains it. Looks at once, unless there is one already.
   * @param bytes what failed was so large, and its size may matter
   */
  async explains(bytes: number | undefined): Promise<boolean> {
    await this.looking;
    if (this.outage !== undefined) return true;
    return !(await this.lookNow(bytes)).ok;
  }

  /** Looks no more. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private lookNow(bytes: number | undefined): Promise<Found> {
    this.looking ??= this.lookInTime(bytes)
      .then((found) => this.note(found, bytes))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** A disk behind a network that is gone answers nothing at all. */
  private lookInTime(bytes: number | undefined): Promise<Found> {
    const { lookMs } = this.pace;
    return orLate(lookMs, this.look(bytes), () => this.silent(lookMs));
  }

  private note(found: Found, bytes: number | undefined): Found {
    const now = performance.now();
    this.last = { found, at: now };
    if (found.ok) this.end(now);
    else this.goOn(now, bytes);
    return found;
  }

  private end(now: number): void {
    if (this.outage === undefined) return;
    const afterMs = Math.round(now - this.outage.since);
    this.outage = undefined;
    this.events.back(afterMs);
  }

  private goOn(now: number, bytes: number | undefined): void {
    if (this.outage === undefined) {
      this.outage = { since: now, looks: 0, bytes };
      this.events.lost(this.why ?? '');
    }
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.lookNow(this.outage?.bytes), this.nextWaitMs(this.outage.looks++)).unref();
  }

  /** Half of it is chance, so that many workers do not look all at once. */
  private nextWaitMs(looks: number): number {
    const ceiling = Math.min(this.pace.longestMs, this.pace.firstMs * 2 ** Math.min(looks, 30));
    return (ceiling * (1 + Math.random())) / 2;
  }
}
