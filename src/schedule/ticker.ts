import { setTimeout as after } from 'node:timers/promises';

/** Told when ticks begin to fail, and when they no longer do. */
export interface TickerEvents {
  failed(error: unknown): void;
  recovered(): void;
}

/** Does something again and again, never twice at once; what fails is tried with the next tick. */
export class Ticker {
  private readonly stopping = new AbortController();
  private ended: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly work: (nowMs: number, signal: AbortSignal) => Promise<void>,
    private readonly everyMs: number,
    private readonly events: TickerEvents,
  ) {}

  start(): void {
    this.ended = this.goRound(this.stopping.signal);
  }

  /** Resolves once nothing is done any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  private async goRound(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.tick(signal);
      await after(this.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async tick(signal: AbortSignal): Promise<void> {
    try {
      await this.work(Date.now(), signal);
      if (this.isFailing) this.events.recovered();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.events.failed(error);
      this.isFailing = true;
    }
  }
}
