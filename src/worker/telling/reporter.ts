import type { JobHandler } from '../../job/handler.js';
import type { Outcome } from '../../job/outcome.js';
import { Repeating, UNTOLD } from '../../lib/repeating.js';
import type { JobQueue } from '../../queue/job-queue.js';
import type { JobNote } from '../../queue/status/job-note.js';
import type { InHand } from '../loop/in-hand.js';
import type { JobRun } from '../loop/job-run.js';
import { progressNote, settledNote, startedNote, startFields, type KindFacts } from './notes.js';

const REPORT_EVERY_MS = 1_000;
/** A run that is over sooner tells its end alone, which says when it began: half of what telling costs. ms */
const START_AFTER_MS = 50;

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
    const tell = (): void => {
      if (!run.isOver) this.tell(run, startedNote(run, this.facts));
    };
    setTimeout(tell, START_AFTER_MS).unref();
  }

  /** What is told with the settlement of a run; undefined when nobody asked. */
  settled(run: JobRun, outcome: Outcome): JobNote | undefined {
    if (!run.isTracked) return undefined;
    const note = settledNote(run, this.facts.kind, outcome, this.queue.clock.now());
    return this.told.has(run) ? note : { ...note, fields: { ...startFields(run, this.facts), ...note.fields } };
  }

  private get facts(): KindFacts {
    const { kind, steps } = this.handler;
    return { kind, steps, maxAttempts: this.maxRetry + 1 };
  }

  private round(): void {
    for (const run of this.inHand.list()) {
      const told = this.told.get(run);
      if (told === undefined || run.isOver) continue;
      const note = progressNote(run, this.facts.kind);
      if (told !== textOf(note)) this.tell(run, note);
    }
  }

  private tell(run: JobRun, note: JobNote): void {
    this.told.set(run, textOf(note));
    // What could not be told is told with what comes next.
    this.queue.tell(run.delivery, note).catch(() => this.told.set(run, UNTOLD_NOTE));
  }
}

/** What no note says. */
const UNTOLD_NOTE = '';

function textOf({ data }: JobNote): string {
  const { progress, step, message } = data;
  return JSON.stringify([progress, step, message]);
}
