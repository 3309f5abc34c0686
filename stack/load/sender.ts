import { setTimeout as after } from 'node:timers/promises';
import { STUB_CAMERAS } from '../stub/stub.handler.js';
import type { Book } from './book.js';
import { FORMATS, type Entrance } from './formats.js';

/** How much is sent, and for how long. */
export interface Plan {
  /** Begins the names of all jobs of this run. */
  readonly run: string;
  readonly durationMs: number;
  /** Between two jobs that watch a road, ms */
  readonly realEveryMs: number;
  /** Jobs of stub cameras per second; 0: none */
  readonly stubRate: number;
  /** Playlist of the sample camera */
  readonly playlist: string;
}

/** s of video that a job watches */
const WATCH_SECONDS = 2;
const STUB_CAMERAS_COUNT = 20;
const TICK_MS = 100;

/** Sends jobs at a steady rate, in one format after the other, until the time is over or somebody says stop. */
export class Sender {
  private number = 0;
  private readonly sending = new Set<Promise<void>>();

  constructor(
    private readonly plan: Plan,
    private readonly entrance: Entrance,
    private readonly book: Book,
  ) {}

  /** Resolves once every job was accepted or refused. */
  async run(stop: AbortSignal): Promise<void> {
    const { durationMs, realEveryMs, stubRate } = this.plan;
    const begin = Date.now();
    let [real, stubs] = [0, 0];
    for (let passed = 0; passed < durationMs && !stop.aborted; passed = Date.now() - begin) {
      for (; real * realEveryMs <= passed; real += 1) this.send(true);
      for (; stubs < (passed / 1_000) * stubRate; stubs += 1) this.send(false);
      await after(TICK_MS, undefined, { signal: stop }).catch(() => undefined);
    }
    await Promise.all(this.sending);
  }

  private send(isReal: boolean): void {
    const format = FORMATS[this.number % FORMATS.length]!;
    const jobId = `${this.plan.run}-${this.number}`;
    const cctvId = isReal ? 'load_sample' : `${STUB_CAMERAS}${this.number % STUB_CAMERAS_COUNT}`;
    this.number += 1;
    this.book.open(jobId, format.name, isReal);
    const job = { jobId, cctvId, hls: this.plan.playlist, sec: WATCH_SECONDS, attempt: 0, enqueuedAt: Date.now() };
    const sent = format
      .send(job, this.entrance)
      .catch((error: unknown) => this.book.refuse(jobId, error instanceof Error ? error.message : String(error)))
      .finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }
}
