import { describe, expect, it } from '@jest/globals';
import { inspectionTask } from './inspection-task.js';

const RESULT = {
  jobId: 'job-1',
  cctvId: 'cam',
  enqueuedAt: '2026-01-01T10:00:00.000Z',
  artifacts: 'preprocess/cam/job-1/20260101T100000Z/',
  damageVerdict: 'clear',
  detections: '2',
};

describe('the task an inspection becomes', () => {
  it('has the damage picture judged, once', () => {
    expect(inspectionTask(RESULT, 'damage')).toMatchObject({
      lane: 'plain',
      once: 'inspection:cam:job-1:2026-01-01T10:00:00.000Z',
      fields: {
        cctvId: 'cam',
        jobId: 'job-1.picture',
        segmentStart: '2026-01-01T10:00:00.000Z',
        image: 'preprocess/cam/job-1/20260101T100000Z/damage_result.jpg',
        inspection: 'detections: 2, damageVerdict: clear',
      },
    });
  });

  it('comes of damage that is a fact only', () => {
    expect(inspectionTask({ ...RESULT, detections: '0' }, 'damage')).toBeUndefined();
    expect(inspectionTask({ ...RESULT, damageVerdict: 'inconclusive' }, 'damage')).toBeUndefined();
  });

  it('comes of every inspection when asked for, and of none', () => {
    expect(inspectionTask({ ...RESULT, detections: '0' }, 'always')).toBeDefined();
    expect(inspectionTask(RESULT, 'never')).toBeUndefined();
  });

  it('takes the name that Redis gives where its own would be too long', () => {
    expect(inspectionTask({ ...RESULT, jobId: 'x'.repeat(125) }, 'always')?.fields).not.toHaveProperty('jobId');
  });

  it('is none where the result lacks what it needs', () => {
    expect(inspectionTask({ cctvId: 'cam' }, 'always')).toBeUndefined();
  });
});
