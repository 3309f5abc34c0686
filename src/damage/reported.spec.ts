import { describe, expect, it } from '@jest/globals';
import type { Detection } from './damage-detector.js';
import { LEAST_CONFIDENCE, withStatus, type Unjudged } from './reported.js';

const SURE: Detection = {
  ...{ class: 'crack', confidence: LEAST_CONFIDENCE, areaPx: 9, severity: 'low', confirmed: true },
  ...{ box: { x: 1, y: 1, width: 3, height: 3 }, boxNormalized: { x: 0.1, y: 0.1, width: 0.3, height: 0.3 } },
};

function analysis(change: Partial<Unjudged> = {}, mark: Partial<Detection> = {}): Unjudged {
  return {
    ...{ detector: { name: 'd', version: '1' }, verdict: 'clear', verdictReason: '', roadBy: 'traffic' },
    ...{ detections: [{ ...SURE, ...mark }], damagedRoadShare: 0, roadShare: 1, image: { width: 10, height: 10 } },
    ...change,
  };
}

describe('the marks an alarm may be raised on', () => {
  it('are sure, confirmed by visits, and on a road that traffic or the operator showed', () => {
    for (const roadBy of ['traffic', 'region'] as const) {
      const { reported, detections } = withStatus(analysis({ roadBy }));
      expect([reported, detections[0]!.status]).toEqual([1, 'reported']);
    }
  });

  it.each<[string, Partial<Unjudged>, Partial<Detection>]>([
    ['a verdict that is inconclusive', { verdict: 'inconclusive' }, {}],
    ['a road that only the detector saw', { roadBy: 'sight' }, {}],
    ['visits that speak against it', {}, { confirmed: false }],
    ['a detector that is less sure', {}, { confidence: LEAST_CONFIDENCE - 0.01 }],
  ])('are not those with %s', (_why, change, mark) => {
    const { reported, detections } = withStatus(analysis(change, mark));
    expect([reported, detections[0]!.status]).toEqual([0, 'unconfirmed']);
  });

  it('are not those of a single visit', () => {
    const { confirmed, ...seenOnce } = SURE;
    const { reported, detections } = withStatus(analysis({ detections: [seenOnce] }));
    expect([confirmed, reported, detections[0]!.status]).toEqual([true, 0, 'unconfirmed']);
  });
});
