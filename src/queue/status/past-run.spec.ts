import { expect, it } from '@jest/globals';
import { fieldOfRun, MOST_RUNS, runsOf, type PastRun } from './past-run.js';

const run = (attempt: number): PastRun => ({
  attempt,
  worker: 'w',
  startedAt: new Date(attempt * 60_000).toISOString(),
  endedAt: new Date(attempt * 60_000 + 1).toISOString(),
  outcome: 'retry',
  code: 'HLS_TIMEOUT',
  message: 'x'.repeat(9_000),
  step: 'capture',
  steps: Array.from({ length: 100 }, () => ({ step: 'capture', durationMs: 1 })),
});

it('keeps the last ten runs, with short sentences and few steps', () => {
  const status = Object.assign({}, ...Array.from({ length: 25 }, (_, i) => fieldOfRun(run(i + 1)))) as Record<
    string,
    string
  >;
  const kept = runsOf({ ...status, state: 'waiting' });
  expect(kept.map(({ attempt }) => attempt)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
  expect(kept).toHaveLength(MOST_RUNS);
  expect(kept[0]?.message).toHaveLength(500);
  expect(kept[0]?.steps).toHaveLength(20);
});
