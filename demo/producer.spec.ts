import { describe, expect, it } from '@jest/globals';
import { parseInspectionJob } from '../src/inspection/inspection-job.js';
import { SHAPES } from './producer.js';

const job = {
  cctvId: 'cctv_001',
  hls: 'http://127.0.0.1:8080/cctv_001/live.m3u8',
  sec: 10,
  jobId: 'demo-1',
  enqueuedAt: 1_694_000_000_000,
};

describe('the shapes in which the demo writes jobs', () => {
  it.each(SHAPES.map((shape) => [shape.name, shape] as const))('%s is read as the same job', (_, shape) => {
    const payload = shape.fields(job).map((text) => Buffer.from(text));
    expect(parseInspectionJob(payload, { entryId: '1-0', maxSeconds: 600 })).toEqual({
      jobId: 'demo-1',
      cctvId: 'cctv_001',
      hls: job.hls,
      seconds: 10,
      needsMs: 130_000,
      priorAttempts: 0,
      enqueuedAt: job.enqueuedAt,
    });
  });
});
