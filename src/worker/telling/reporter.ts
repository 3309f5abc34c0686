import type { JobHandler } from '../../job/handler.js';
import type { Outcome } from '../../job/outcome.js';
import { Repeating, UNTOLD } from '../../lib/repeating.js';
import type { JobQueue } from '../../queue/job-queue.js';
import type { JobNote } from '../../queue/status/job-note.js';
import type { InHand } from '../loop/in-hand.js';
import type { JobRun } from '../loop/job-run.js';
import { progressNote, settledNote, startedNote } from './notes.js';

const REPORT_EVERY_MS = 1_000;

/**
 * Tells clients of the jobs whose status they asked for. Nothing here can fail a job, or wait for Redis; a job that nobody
 * asked for costs nothing.
 */
export class Reporter {
  private readonly rounds: Repeating;
  /** What was told of a run last. */
  private readonly told = new WeakMap<JobRun, string>();

  constructor(
    private readonly queue: JobQueue,
    private readonly handler: JobHandler,
    private readonly inHand: InHand,
    private readonly maxRetry: number,
  ) {
    const options = { everyMs: REPORT_EVERY_MS, events: UNTOLD, endsWithProcess: true };
    this.rounds = new Repeating(async () => this.round(), options);
  }

  start(): void {
    this.rounds.start();
  }

  stop(): void {
    void this.rounds.stop();
  }

  /** A run began. */
  started(run: JobRun): void {
    if (!run.isTracked) return;
    const { kind, steps } = this.handler;
    const maxAttempts = this.maxRetry + 1;
    this.tell(run, startedNote(run, kind, { steps, maxAttempts }));
  }

  /** What is told with the settlement of a run; undefined when nobody asked. */
  settled(run: JobRun, outcome: Outcome): JobNote | undefined {
    return run.isTracked ? settledNote(run, this.handler.kind, outcome, this.queue.clock.now()) : undefined;
  }

  private round(): void {
    for (const run of this.inHand.list()) {
      if (!run.isTracked || run.isOver) continue;
      const note = progressNote(run, this.handler.kind);
      if (this.told.get(run) !== textOf(note)) this.tell(run, note);
    }
  }

  private tell(run: JobRun, note: JobNote): void {
    this.told.set(run, textOf(note));
    this.queue.tell(run.delivery, note).catch(() => this.told.delete(run));
  }
}

function textOf({ data }: JobNote): string {
  const { progress, step, message } = data;
  return JSON.stringify([progress, step, message]);
}
