import { setTimeout as after } from 'node:timers/promises';
import { CancelledError, InvalidJobError, messageOf, PermanentStepError, RateLimitedError } from '../../job/errors.js';
import { triedForMs, type Job, type JobHandler } from '../../job/handler.js';
import { outcomeOf, type Outcome, type RetryPolicy } from '../../job/outcome.js';
import { redactText } from '../../lib/redact.js';
import type { Delivery, JobQueue, Settlement } from '../../queue/job-queue.js';
import { neededBy, type CameraBreaker } from '../breaker/camera-breaker.js';
import type { Cancellations } from './cancellations.js';
import type { InHand } from './in-hand.js';
import { JobRun } from './job-run.js';
import type { Pool } from './pool.js';
import { resultOfEnd } from '../telling/ends.js';
import type { Reporter } from '../telling/reporter.js';
import type { RunTraces } from '../telling/run-traces.js';
import { StepTimes } from '../telling/step-times.js';
import { Unsettled } from './unsettled.js';
import type { WorkerEvents } from './worker-events.js';

/** Between two tries to settle while Redis refuses. ms */
const SETTLE_AGAIN_AFTER_MS = 500;

/** Runs deliveries and settles them. The only place that decides what becomes of one. */
export class Executor {
  private readonly times: StepTimes;

  constructor(
    private readonly queue: JobQueue,
    private readonly handler: JobHandler,
    private readonly pool: Pool,
    private readonly inHand: InHand,
    private readonly cancellations: Cancellations,
    private readonly breaker: CameraBreaker | undefined,
    private readonly retry: RetryPolicy,
    private readonly events: WorkerEvents,
    private readonly reporter: Pick<Reporter, 'started' | 'settled'>,
    private readonly unsettled = new Unsettled(),
    private readonly traces?: RunTraces,
  ) {
    this.times = new StepTimes(handler.steps);
  }

  /**
   * Runs one delivery in a slot. The slot is free as soon as the work has ended, so that claiming the next job and
   * settling this one travel together; the run stays in hand until it is settled. Never rejects.
   */
  async execute(delivery: Delivery): Promise<void> {
    const run = new JobRun(delivery, this.queue.consumer, this.stepFinished, this.times);
    this.inHand.add(run);
    this.pool.take();
    let outcome: Outcome;
    try {
      outcome = await this.perform(run);
    } finally {
      this.pool.give();
    }
    await this.settle(run, outcome);
  }

  /** Hands back what was claimed but must not start. */
  async release(delivery: Delivery): Promise<void> {
    await this.queue.defer(delivery, { delayMs: 0, spent: false });
  }

  private readonly stepFinished: WorkerEvents['stepFinished'] = (run, timing) => {
    this.times.note(timing);
    this.events.stepFinished(run, timing);
  };

  private async perform(run: JobRun): Promise<Outcome> {
    try {
      if (run.delivery.tooLargeBytes !== undefined) throw tooLarge(run.delivery.tooLargeBytes);
      const job = this.handler.parse(run.delivery.payload, run.delivery.sourceId);
      run.job = job;
      noteAgain(job, run.delivery, this.queue.clock.now());
      run.trace = this.traces?.begin(run);
      if (this.cancellations.covers(run)) throw new CancelledError();
      this.awaitTurn(run);
      if (this.isExhausted(run)) throw tooManyDeliveries(run);
      await this.askBreaker(run, job);
      this.events.started(run);
      this.reporter.started(run);
      await this.handle(job, run);
      return { kind: 'complete' };
    } catch (error) {
      const cause = run.abortReason ?? error;
      // What could not be read is told, too.
      if (run.job === undefined) run.trace = this.traces?.begin(run);
      this.events.failed(run, cause);
      const ageMs = run.job === undefined ? 0 : triedForMs(run.job, this.queue.clock.now());
      return outcomeOf(cause, { attempt: run.attempt, ageMs }, this.retry, Math.random);
    }
  }

  /** What was put back slowly goes to where retries wait, at no cost of an attempt, until its time comes. */
  private awaitTurn({ delivery: { notBefore = 0 } }: JobRun): void {
    const ms = notBefore - this.queue.clock.now();
    if (ms > 0) throw new RateLimitedError('REDRIVEN_SLOWLY', ITS_TURN_COMES, ms);
  }

  /** A camera that works costs no question. The answer may take long: the run may have been told to end meanwhile. */
  private async askBreaker(run: JobRun, job: Job): Promise<void> {
    if (this.breaker?.isOpen(neededBy(job)) !== true) return;
    await this.breaker.admit(job);
    run.isProbe = true;
    if (run.abortReason === undefined) return;
    this.breaker.endProbe(neededBy(job));
    throw run.abortReason;
  }

  private async handle(job: Job, run: JobRun): Promise<void> {
    try {
      await this.handler.handle(job, run);
      this.breaker?.worked(neededBy(job));
    } catch (error) {
      const cause = run.abortReason ?? error;
      if (this.handler.blamesCamera(cause)) this.breaker?.failed(neededBy(job), cause);
      else if (run.isProbe) this.breaker?.endProbe(neededBy(job));
      throw error;
    }
  }

  /** Delivered again and again without an end: its workers died, and this one shall not. */
  private isExhausted(run: JobRun): boolean {
    return run.delivery.again && run.attempt > this.retry.maxRetry + 1;
  }

  /** Settles until the queue confirms it or says that the entry is another worker's: Redis may be away meanwhile. */
  private async settle(run: JobRun, outcome: Outcome): Promise<void> {
    run.isOver = true;
    const settlement = await this.confirmed(run, outcome);
    this.unsettled.clear(run);
    this.inHand.remove(run);
    try {
      const known: Outcome = settlement === 'lost' ? { kind: 'abandon' } : outcome;
      this.events.settled(run, known, settlement);
      this.traces?.ended(run, known);
    } catch (error) {
      // What is settled is settled, whatever becomes of telling it.
      process.emitWarning(messageOf(error));
    }
  }

  /** A run that Redis refuses to settle takes its slot again: a worker that can settle nothing must not claim more. */
  private async confirmed(run: JobRun, outcome: Outcome): Promise<Settlement> {
    try {
      return await this.apply(run, outcome);
    } catch (error) {
      this.unsettled.note(run, error);
      this.events.settleFailed(run, error);
    }
    this.pool.take();
    try {
      return await this.insist(run, outcome);
    } finally {
      this.pool.give();
    }
  }

  private async insist(run: JobRun, outcome: Outcome): Promise<Settlement> {
    for (;;) {
      // A process that ends for good need not wait: the entry stays pending and comes due again.
      await after(SETTLE_AGAIN_AFTER_MS, undefined, { ref: false });
      try {
        return await this.apply(run, outcome);
      } catch (error) {
        this.unsettled.note(run, error);
        this.events.settleFailed(run, error);
      }
    }
  }

  private apply(run: JobRun, outcome: Outcome): Promise<Settlement> {
    const { delivery } = run;
    const note = this.reporter.settled(run, outcome);
    const result = resultOfEnd(run, outcome, this.queue.clock.now());
    switch (outcome.kind) {
      case 'complete':
      case 'cancel':
        return this.queue.complete(delivery, result, note);
      case 'retry':
        return this.queue.defer(delivery, { delayMs: outcome.delayMs, spent: true }, note);
      case 'snooze': {
        const { delayMs, waitsFor } = outcome;
        return this.queue.defer(delivery, { delayMs, spent: false, waitsFor }, note);
      }
      case 'release':
        return this.queue.defer(delivery, { delayMs: 0, spent: false }, note);
      case 'discard': {
        const { code, message, step } = outcome.error;
        const report = { code, message: redactText(message), step, attempts: run.attempt };
        return this.queue.discard(delivery, result === undefined ? report : { ...report, result }, note);
      }
      case 'abandon':
        return Promise.resolve('lost');
    }
  }
}

/** An entry that is not the job's first was written when somebody put the job back. */
function noteAgain(job: Job, { entryId, sourceId }: Delivery, now: number): void {
  if (entryId !== sourceId) job.againSince = Math.min(now, Number.parseInt(entryId, 10));
}

const ITS_TURN_COMES =
  'It was put back together with others, so many a minute: its turn comes by itself. Call it off, or wait.';

function tooLarge(bytes: number): InvalidJobError {
  const sentence =
    `The entry holds ${bytes} bytes, more than JOB_MAX_BYTES, and was not read: have its producer send less, and find ` +
    'the entry in its stream by its id.';
  return new InvalidJobError('TOO_LARGE', sentence, { step: 'parse' });
}

function tooManyDeliveries(run: JobRun): PermanentStepError {
  return new PermanentStepError(
    'TOO_MANY_DELIVERIES',
    `The job was delivered ${run.delivery.deliveries} times and never finished: a worker died or lost it each time. ` +
      "Look at the workers' last log lines before you redrive it.",
  );
}
