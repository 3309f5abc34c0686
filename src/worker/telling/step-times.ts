import type { StepTiming } from '../../job/handler.js';

/** How far a run is, as its progress is reckoned from. */
export interface StepsDone {
  readonly timings: readonly StepTiming[];
  /** The step at work, not one within it. */
  readonly topStep: string | undefined;
  /** Since that began, ms. */
  readonly topStepMs: number;
  /** How much of that step is done, 0..1, as the job itself says; undefined while it says nothing. */
  readonly fraction: number | undefined;
  /** What the job knows beforehand, by step, ms. */
  readonly expectedMs: Readonly<Record<string, number>>;
}

/** What a step takes that was never seen. ms */
const UNKNOWN_MS = 1_000;
/** The share of the newest time in the mean. */
const NEWEST_SHARE = 0.2;
/** A step that takes longer than it used to never looks finished. */
const MOST_BY_TIME = 0.95;

/** How long the steps of a kind of job take on this worker: an exponential moving mean of each. */
export class StepTimes {
  private readonly means = new Map<string, number>();

  /** @param steps in their order; a step that is none of these does not count */
  constructor(private readonly steps: readonly string[]) {}

  /** Takes in how long a step took. */
  note({ step, durationMs }: StepTiming): void {
    if (!this.steps.includes(step)) return;
    const mean = this.means.get(step);
    this.means.set(step, mean === undefined ? durationMs : mean + NEWEST_SHARE * (durationMs - mean));
  }

  /** How much of its work a run has done, 0..1: each step weighs what it is expected to take. */
  shareDone(done: StepsDone): number {
    const finished = new Set(done.timings.map(({ step }) => step));
    let worth = 0;
    let all = 0;
    for (const step of this.steps) {
      const expected = Math.max(1, done.expectedMs[step] ?? this.means.get(step) ?? UNKNOWN_MS);
      all += expected;
      if (finished.has(step)) worth += expected;
      else if (step === done.topStep) worth += expected * shareOfStep(done, expected);
    }
    return all === 0 ? 0 : worth / all;
  }
}

function shareOfStep({ fraction, topStepMs }: StepsDone, expectedMs: number): number {
  return fraction ?? Math.min(MOST_BY_TIME, topStepMs / expectedMs);
}
