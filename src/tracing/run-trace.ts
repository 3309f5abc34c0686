import type { TraceContext } from '../job/payload/traceparent.js';
import type { TraceIds } from './trace-ids.js';

/** More steps of one run are counted only. */
const MOST_STEPS = 100;

/** A step of a run, as far as it is known. Times in ms since the epoch. */
export interface StepTrace {
  readonly name: string;
  /** The step that it is a part of. */
  readonly within: StepTrace | undefined;
  readonly startedAt: number;
  endedAt: number | undefined;
  /** Why it failed. */
  code: string | undefined;
}

/** Where a run came from. */
export interface Origins {
  /** Who asked for the job. */
  readonly producer: TraceContext | undefined;
  /** The attempt before, of the same entry. */
  readonly before: TraceIds | undefined;
}

/** What happens in a run, noted down until it is over: no library is asked before, and nothing waits for anything. */
export class RunTrace {
  readonly startedAt = Date.now();
  readonly steps: StepTrace[] = [];
  /** Steps that were too many. */
  leftOut = 0;
  private readonly clockAtStart = performance.now();
  private innermost: StepTrace | undefined;

  constructor(
    readonly ids: TraceIds,
    readonly origins: Origins,
  ) {}

  /** By a clock that nobody sets back; ms since the epoch. */
  now(): number {
    return this.startedAt + (performance.now() - this.clockAtStart);
  }

  /** Begins a step inside of the one at work; undefined for one too many. */
  begin(name: string): StepTrace | undefined {
    if (this.steps.length >= MOST_STEPS) {
      this.leftOut += 1;
      return undefined;
    }
    const step = { name, within: this.innermost, startedAt: this.now(), endedAt: undefined, code: undefined };
    this.steps.push(step);
    this.innermost = step;
    return step;
  }

  /** Ends a step. @param code why it failed; left out: it did not */
  end(step: StepTrace | undefined, code?: string): void {
    if (step === undefined) return;
    step.endedAt = this.now();
    step.code = code;
    if (this.innermost === step) this.innermost = step.within;
  }
}
