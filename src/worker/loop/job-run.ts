import { noteStep, type JobError } from '../../job/errors.js';
import type { Facts, Job, JobResult, Run, StepTiming } from '../../job/handler.js';
import { keyOf, type Delivery } from '../../queue/job-queue.js';

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
  readonly key: string;
  readonly startedAt = Date.now();
  readonly timings: StepTiming[] = [];
  /** What is to be published with the settlement of a complete job. */
  result: JobResult | undefined;
  /** What the job itself has to say of how it went. */
  facts: Facts = {};
  private controller: AbortController | undefined;

  constructor(
    readonly delivery: Delivery,
    readonly worker: string,
    private readonly onStep: (run: JobRun, timing: StepTiming) => void,
  ) {
    this.key = keyOf(delivery);
  }

  note(facts: Facts): void {
    this.facts = { ...this.facts, ...facts };
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
    try {
      return await work();
    } catch (error) {
      throw noteStep(error, name);
    } finally {
      const timing = { step: name, durationMs: Math.round(performance.now() - started) };
      this.timings.push(timing);
      // A step may have steps of its own.
      this.currentStep = outer;
      this.onStep(this, timing);
    }
  }
}
