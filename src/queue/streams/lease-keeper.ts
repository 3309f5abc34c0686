import { Worker } from 'node:worker_threads';
import { messageOf } from '../../job/errors.js';
import type { Holdings, Renewals } from '../job-queue.js';
import type { RedisQueueSettings } from '../settings.js';

/** A crashed thread is started again after this time. ms */
const RESTART_AFTER_MS = 1_000;

/** What the thread says: what it renewed and since when, or why it could not. */
type Report = { at: number; held: string[] } | { failed: string; refused: boolean };

/** Runs the thread that renews leases, and passes on what each renewal found. */
export class LeaseKeeper {
  private thread: Worker | undefined;
  private restart: NodeJS.Timeout | undefined;
  private closed = false;
  private lastAt = Date.now();
  private failure: string | undefined;
  private refused = false;

  constructor(
    private readonly settings: RedisQueueSettings,
    private readonly onRenewal: (holdings: Holdings) => void,
  ) {}

  get renewals(): Renewals {
    return { lastAt: this.lastAt, failure: this.failure, refused: this.refused };
  }

  /** Starts the thread; does nothing once closed. */
  start(): void {
    if (this.closed) return;
    const thread = new Worker(new URL('./lease-thread.js', import.meta.url), { workerData: this.settings });
    this.thread = thread;
    thread.on('message', (report: Report) => this.note(report));
    // An error event ends in an exit event, and that means: start anew.
    thread.on('error', (error) => (this.failure = messageOf(error)));
    thread.on('exit', () => this.startAgain());
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.restart);
    await this.thread?.terminate();
  }

  private note(report: Report): void {
    if ('failed' in report) {
      this.failure = report.failed;
      this.refused = report.refused;
      return;
    }
    this.failure = undefined;
    this.refused = false;
    this.lastAt = report.at;
    this.onRenewal({ at: report.at, held: new Set(report.held) });
  }

  private startAgain(): void {
    if (this.closed) return;
    this.restart = setTimeout(() => this.start(), RESTART_AFTER_MS);
  }
}
