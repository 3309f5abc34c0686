import { setTimeout as after } from 'node:timers/promises';

/** Told once when rounds begin to fail, and once when they no longer do. */
export interface RepeatingEvents {
  failed(error: unknown): void;
  recovered(): void;
}

/** Failures that are told elsewhere, or need not be told. */
export const UNTOLD: RepeatingEvents = { failed: () => undefined, recovered: () => undefined };

/** How to repeat something. */
export interface RepeatingOptions {
  /** Between the end of a round and the next, ms. Read anew each time. */
  readonly everyMs: number | (() => number);
  readonly events: RepeatingEvents;
  /** The process may end while it waits for the next round. */
  readonly endsWithProcess?: boolean;
}

/**
 * Does something round after round, never twice at once. A round that fails is followed by the next one as any other.
 * A round that gives true is followed at once.
 */
export class Repeating {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private isFailing = false;

  /** @param round hears of a stop by its signal */
  constructor(
    private readonly round: (signal: AbortSignal) => Promise<unknown>,
    private readonly options: RepeatingOptions,
  ) {}

  /** The first round begins at once. Once started, a second call does nothing. */
  start(): void {
    this.loop ??= this.goRound(this.stopping.signal);
  }

  /** Whether it was started, and not stopped since. */
  get isOn(): boolean {
    return this.loop !== undefined && !this.stopping.signal.aborted;
  }

  /** Resolves once no round is under way any more; it stays stopped. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async goRound(signal: AbortSignal): Promise<void> {
    const { everyMs, endsWithProcess = false } = this.options;
    while (!signal.aborted) {
      if ((await this.once(signal)) === true) continue;
      const ms = typeof everyMs === 'number' ? everyMs : everyMs();
      await after(ms, undefined, { signal, ref: !endsWithProcess }).catch(() => undefined);
    }
  }

  private async once(signal: AbortSignal): Promise<unknown> {
    const { events } = this.options;
    try {
      const result = await this.round(signal);
      if (this.isFailing) events.recovered();
      this.isFailing = false;
      return result;
    } catch (error) {
      // What a stop breaks off is no news.
      if (!this.isFailing && !signal.aborted) events.failed(error);
      this.isFailing = true;
      return false;
    }
  }
}
