import { describe, expect, it } from '@jest/globals';
import { cpuIn, parentIn, peakIn } from './processes.js';
import { summaryOf } from './report.js';

const STAT = '4242 (odd) name (x) S 17 4242 4242 0 -1 4194560 100 200 0 0 150 50 320 80 20 0 11 0 9999';

describe('what the kernel says of a process', () => {
  it('is read behind a name that looks like more fields', () => {
    expect(cpuIn(STAT)).toEqual({ own: 2, children: 4 });
    expect(parentIn(STAT)).toBe(17);
  });

  it('has a largest memory, and none for a process that has ended', () => {
    expect(peakIn('VmPeak:\t  900 kB\nVmHWM:\t    20 kB\nVmRSS:\t  10 kB\n')).toBe(20_480);
    expect(peakIn('')).toBe(0);
  });
});

describe('cameras per core', () => {
  it('are as many as inspections fit into the interval, ffmpeg counted', () => {
    const cost = {
      ...({ size: '720p', seconds: 20, jobs: 5, restBytes: 0, workerBytes: 0, ffmpegBytes: 0 } as const),
      workerCpuSeconds: 1.5,
      ffmpegCpuSeconds: 2.5,
    };
    expect(summaryOf(cost, 3_600).camerasPerCore).toBe(900);
    expect(summaryOf(cost, 600).camerasPerCore).toBe(150);
  });
});
