import { Worker } from 'node:worker_threads';
import type { Gate } from '../loop/admission.js';

const BYTES_PER_MB = 1024 * 1024;
/** The start waits so long for the first sample. ms */
const FIRST_SAMPLE_MS = 10_000;
/** A sample this old says nothing any more. ms */
const STALE_AFTER_MS = 60_000;

/** Holds new jobs back while a GPU is short of free memory. A machine without a GPU passes. */
export class GpuGuard implements Gate {
  private thread: Worker | undefined;
  private freeBytes: readonly number[] = [];
  /** ms since the epoch */
  private sampledAt = 0;
  private listener: () => void = () => undefined;

  constructor(
    private readonly enabled: boolean,
    private readonly minFreeMb: number,
  ) {}

  /** Calls back when the gate opened or closed. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /**
   * Starts to sample. Resolves with the first sample, so that a start with a full GPU claims nothing; a GPU that does
   * not answer within 10 s is not waited for.
   */
  async start(): Promise<void> {
    if (!this.enabled) return;
    const thread = new Worker(new URL('./gpu-thread.js', import.meta.url));
    this.thread = thread;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FIRST_SAMPLE_MS);
      const sampled = (free: number[]): void => {
        clearTimeout(timer);
        this.note(free);
        resolve();
      };
      thread.on('message', sampled);
      // Without samples there is nothing to guard by; jobs go on.
      thread.on('error', () => sampled([]));
    });
  }

  async stop(): Promise<void> {
    await this.thread?.terminate();
  }

  closed(): string | undefined {
    const least = this.leastFreeMb();
    if (least === undefined || least >= this.minFreeMb) return undefined;
    return `A GPU has ${least} MB of free memory, less than ${this.minFreeMb} MB (GPU_MIN_FREE_MB); no new job starts until it has more.`;
  }

  /** For status and metrics. */
  state(): { enabled: boolean; gpus: number; leastFreeMb: number | null; minFreeMb: number } {
    return {
      enabled: this.enabled,
      gpus: this.known().length,
      leastFreeMb: this.leastFreeMb() ?? null,
      minFreeMb: this.minFreeMb,
    };
  }

  private leastFreeMb(): number | undefined {
    const known = this.known();
    return known.length === 0 ? undefined : Math.floor(Math.min(...known) / BYTES_PER_MB);
  }

  /** An nvidia-smi that hangs or fails must not hold jobs back for ever. */
  private known(): readonly number[] {
    return Date.now() - this.sampledAt > STALE_AFTER_MS ? [] : this.freeBytes;
  }

  private note(freeBytes: number[]): void {
    const before = this.closed();
    this.freeBytes = freeBytes;
    this.sampledAt = Date.now();
    if ((before === undefined) !== (this.closed() === undefined)) this.listener();
  }
}
