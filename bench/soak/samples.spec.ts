import { describe, expect, it } from '@jest/globals';
import { growthOf, memoryAt, type Sample } from './samples.js';

/** Sixty samples, one a job. */
const samplesOf = (bytes: (jobs: number) => number): Sample[] =>
  Array.from({ length: 60 }, (_, jobs) => {
    const value = bytes(jobs);
    return { jobs, rss: value, heapUsed: value, external: value, arrayBuffers: value };
  });

describe('growthOf', () => {
  it('sees what every job leaves behind under the saw teeth of garbage collection', () => {
    const { rss } = growthOf(
      samplesOf((jobs) => 1_000 * jobs + 50_000 * (jobs % 7)),
      10,
    );
    expect(Math.abs(rss - 1_000)).toBeLessThan(300);
  });

  it('sees none in saw teeth alone, nor in what came before the time it looks at', () => {
    const flat = samplesOf((jobs) => (jobs < 10 ? 1e6 * jobs : 1e7 + 50_000 * (jobs % 7)));
    expect(Math.abs(growthOf(flat, 10).heapUsed)).toBeLessThan(300);
  });
});

describe('memoryAt', () => {
  it('takes the middle of what is near', () => {
    const samples = samplesOf((jobs) => (jobs === 20 ? 1e9 : jobs));
    expect(memoryAt(samples, 20, 2).external).toBe(21);
    expect(memoryAt(samples, 500, 2).external).toBeNaN();
  });
});
