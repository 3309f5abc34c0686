import { Worker } from 'node:worker_threads';
import type { Gate } from '../admission.js';

const BYTES_PER_MB = 1024 * 1024;

/** Holds new jobs back while a GPU is short of free memory. A machine without a GPU passes. */
export class GpuGuard implements Gate {
  private thread: Worker | undefined;
  private freeBytes: readonly number[] = [];
  private listener: () => void = () => undefined;

  constructor(
    private readonly enabled: boolean,
    private readonly minFreeMb: number,
  ) {}

  /** Calls back when the gate opened or closed. */
  onChange(listener: () => void): void {
    this.listener = listener;
  }

  /** Starts to sample. Resolves with the first sample, so that a start with a full GPU claims nothing. */
  async start(): Promise<void> {
    if (!this.enabled) return;
    const thread = new Worker(new URL('./gpu-thread.js', import.meta.url));
    this.thread = thread;
    await new Promise<void>((resolve) => {
      thread.on('message', (free: number[]) => {
        this.note(free);
        resolve();
      });
      // Without samples there is nothing to guard by; jobs go on.
      thread.on('error', () => resolve());
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
      gpus: this.freeBytes.length,
      leastFreeMb: this.leastFreeMb() ?? null,
      minFreeMb: this.minFreeMb,
    };
  }

  private leastFreeMb(): number | undefined {
    if (this.freeBytes.length === 0) return undefined;
    return Math.floor(Math.min(...this.freeBytes) / BYTES_PER_MB);
  }

  private note(freeBytes: number[]): void {
    const before = this.closed();
    this.freeBytes = freeBytes;
    if ((before === undefined) !== (this.closed() === undefined)) this.listener();
  }
}
