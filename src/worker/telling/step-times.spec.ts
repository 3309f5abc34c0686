import { describe, expect, it } from '@jest/globals';
import { StepTimes, type StepsDone } from './step-times.js';

const NOTHING: StepsDone = { timings: [], topStep: undefined, topStepMs: 0, fraction: undefined, expectedMs: {} };

describe('the share of its work that a run has done', () => {
  const times = new StepTimes(['watch', 'look', 'store']);
  times.note({ step: 'watch', durationMs: 6_000 });
  times.note({ step: 'look', durationMs: 3_000 });
  times.note({ step: 'unheard-of', durationMs: 90_000 });

  it('weighs steps by what they took lately', () => {
    const timings = [{ step: 'watch', durationMs: 1 }];
    expect(times.shareDone(NOTHING)).toBe(0);
    expect(times.shareDone({ ...NOTHING, timings })).toBeCloseTo(0.6);
  });

  it('takes what a job knows beforehand for more than what others took', () => {
    const timings = [{ step: 'watch', durationMs: 1 }];
    expect(times.shareDone({ ...NOTHING, timings, expectedMs: { watch: 36_000 } })).toBeCloseTo(0.9);
  });

  it('goes on within a step by its time, and never to its end', () => {
    const within = (topStepMs: number) => times.shareDone({ ...NOTHING, topStep: 'watch', topStepMs });
    expect(within(3_000)).toBeCloseTo(0.3);
    expect(within(60_000)).toBeCloseTo(0.57);
  });

  it('takes what the job says for more than the time', () => {
    expect(times.shareDone({ ...NOTHING, topStep: 'watch', topStepMs: 6_000, fraction: 0.5 })).toBeCloseTo(0.3);
  });

  it('is none where a kind names no steps', () => expect(new StepTimes([]).shareDone(NOTHING)).toBe(0));
});
