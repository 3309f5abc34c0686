import { describeError, noteStep, type JobError } from '../../job/errors.js';
import type { Facts, Job, JobResult, Run, StepTiming } from '../../job/handler.js';
import { keyOf, type Delivery } from '../../queue/job-queue.js';
import type { RunTrace } from '../../tracing/run-trace.js';
import { StepTimes } from '../telling/step-times.js';

/** A run that is not settled yet is not done. */
const MOST_UNSETTLED = 0.99;

/** One run of a delivery, from claim to settlement: what `/worker/status` shows as a job in hand. */
export class JobRun implements Run {
  /** Known once the payload was read. */
  job: Job | undefined;
  /** Whether this run tests a camera that is down, for all that wait. */
  isProbe = false;
  /** Whether Redis does not know of the delivery any more, as far as we have heard. */
  isEntryGone = false;
  /** The step at work; undefined before the first and between two. */
  currentStep: string | undefined;
  /** What the job said last of how it goes; empty while it said nothing. */
  message = '';
  /** The work has ended; what is left is to settle it. */
  isOver = false;
  readonly key: string;
  readonly startedAt = Date.now();
  readonly timings: StepTiming[] = [];
  /** What is to be published with the settlement of a complete job. */
  result: JobResult | undefined;
  /** What the job itself has to say of how it went. */
  facts: Facts = {};
  /** Notes down what happens, where a run is told to a system of traces. */
  trace: RunTrace | undefined;
  private controller: AbortController | undefined;
  private top: { readonly step: string; readonly startedAt: number } | undefined;
  private fraction: number | undefined;
  private reached = 0;

  constructor(
    readonly delivery: Delivery,
    readonly worker: string,
    private readonly onStep: (run: JobRun, timing: StepTiming) => void,
    private readonly times = new StepTimes([]),
  ) {
    this.key = keyOf(delivery);
  }

  note(facts: Facts): void {
    this.facts = { ...this.facts, ...facts };
  }

  report(fraction: number | undefined, message?: string): void {
    this.fraction = fraction === undefined ? undefined : Math.min(1, Math.max(0, fraction));
    if (message !== undefined) this.message = message;
  }

  /** How much of the work is done, 0..1, as far as it can be told; never goes back, and is 1 only once it is settled. */
  get progress(): number {
    const { timings, top, fraction, job } = this;
    const topStepMs = top === undefined ? 0 : performance.now() - top.startedAt;
    const done = { timings, topStep: top?.step, topStepMs, fraction, expectedMs: job?.expectedMs ?? {} };
    this.reached = Math.max(this.reached, Math.min(MOST_UNSETTLED, this.times.shareDone(done)));
    return this.reached;
  }

  /** Whether a client asked for the job's status. */
  get isTracked(): boolean {
    return this.job?.isTracked === true;
  }

  get attempt(): number {
    return this.delivery.deliveries + (this.job?.priorAttempts ?? 0);
  }

  /** Made when first asked for: most of its cost is saved for jobs that never look. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  /** Why the run was told to end; undefined while it was not. */
  get abortReason(): JobError | undefined {
    return this.controller?.signal.aborted === true ? (this.controller.signal.reason as JobError) : undefined;
  }

  /** Tells the run to end. Only the first reason counts. */
  abort(reason: JobError): void {
    this.controller ??= new AbortController();
    if (!this.controller.signal.aborted) this.controller.abort(reason);
  }

  publish(result: JobResult): void {
    this.result = result;
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const started = performance.now();
    const outer = this.currentStep;
    this.currentStep = name;
    if (outer === undefined) this.begin(name, started);
    const traced = this.trace?.begin(name);
    let code: string | undefined;
    try {
      return await work();
    } catch (error) {
      if (traced !== undefined) ({ code } = describeError(this.abortReason ?? error));
      throw noteStep(error, name);
    } finally {
      const timing = { step: name, durationMs: Math.round(performance.now() - started) };
      this.timings.push(timing);
      this.trace?.end(traced, code);
      // A step may have steps of its own.
      this.currentStep = outer;
      if (outer === undefined) this.top = undefined;
      this.onStep(this, timing);
    }
  }

  /** What is said of progress is said of this step from now on. */
  private begin(step: string, startedAt: number): void {
    this.top = { step, startedAt };
    this.fraction = undefined;
    this.message = '';
  }
}
