import { Worker } from 'node:worker_threads';
import type { Holdings } from '../job-queue.js';
import type { RedisQueueSettings } from './settings.js';

/** A crashed thread is started again after this time. ms */
const RESTART_AFTER_MS = 1_000;

/** Runs the thread that renews leases, and passes on what each renewal found. */
export class LeaseKeeper {
  private thread: Worker | undefined;
  private restart: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly settings: RedisQueueSettings,
    private readonly onRenewal: (holdings: Holdings) => void,
  ) {}

  start(): void {
    const thread = new Worker(new URL('./lease-thread.js', import.meta.url), { workerData: this.settings });
    this.thread = thread;
    thread.on('message', ({ at, held }: { at: number; held: string[] }) => {
      this.onRenewal({ at, held: new Set(held) });
    });
    // An error event ends in an exit event; both mean: start anew.
    thread.on('error', () => undefined);
    thread.on('exit', () => this.startAgain());
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.restart);
    await this.thread?.terminate();
  }

  private startAgain(): void {
    if (this.closed) return;
    this.restart = setTimeout(() => this.start(), RESTART_AFTER_MS);
  }
}
