import { describe, expect, it } from '@jest/globals';
import type { Severity } from '../damage/damage-detector.js';
import { inspectionResult } from './inspection-result.js';
import type { Inspection } from './result-files.js';

const RUN = { attempt: 2, worker: 'w-1', startedAt: Date.UTC(2026, 0, 1, 0, 0, 5) };
const JOB = {
  jobId: 'j',
  cctvId: 'c',
  hls: 'https://user:password@cam.example/x.m3u8?token=secret',
  enqueuedAt: Date.UTC(2026, 0, 1),
};

function resultOf(severities: readonly Severity[]): Record<string, string> {
  const inspection = {
    job: JOB,
    background: {
      meta: {
        quality: { light: 'dusk' },
        verdict: 'partly_hidden',
        verdictReason: 'Short look.',
        doubts: ['short_look', 'traffic'],
        look: { askedSeconds: 20, watchedSeconds: 12.5 },
      },
    },
    analysis: {
      detector: { name: 'builtin', version: '1.2' },
      verdict: 'clear',
      verdictReason: `${'a'.repeat(298)}😀 more`,
      detections: severities.map((severity) => ({ severity })),
      reported: 1,
      damagedRoadShare: 0.0125,
    },
  };
  return inspectionResult(inspection as unknown as Inspection, RUN, 'p/c/j/t/', Date.UTC(2026, 0, 1, 0, 1));
}

describe('what an inspection publishes', () => {
  it('is plain text, and nothing of the URL', () => {
    const result = resultOf(['low', 'high', 'medium']);
    expect(result).toEqual({
      jobId: 'j',
      cctvId: 'c',
      enqueuedAt: '2026-01-01T00:00:00.000Z',
      startedAt: '2026-01-01T00:00:05.000Z',
      finishedAt: '2026-01-01T00:01:00.000Z',
      attempt: '2',
      worker: 'w-1',
      artifacts: 'p/c/j/t/',
      light: 'dusk',
      backgroundVerdict: 'partly_hidden',
      backgroundReason: 'Short look.',
      backgroundDoubts: 'short_look,traffic',
      askedSeconds: '20',
      watchedSeconds: '12.5',
      damageVerdict: 'clear',
      damageReason: `${'a'.repeat(298)}…`,
      detections: '3',
      reported: '1',
      damagedRoadShare: '0.0125',
      worstSeverity: 'high',
      detector: 'builtin',
      detectorVersion: '1.2',
    });
    expect(JSON.stringify(result)).not.toMatch(/secret|password|example/);
  });

  it('says so when nothing was found', () => {
    expect(resultOf([])).toMatchObject({ detections: '0', worstSeverity: 'none' });
  });
});
