import { describe, expect, it } from '@jest/globals';
import { analysisOf, crackAt, HEIGHT, WIDTH } from '../../../test/visits/drawn-view.js';
import type { DamageAnalysis } from '../damage-detector.js';
import { emptyMask } from '../../picture/mask.js';
import { persistenceOf } from './persistence.js';

describe('a damage at the edge of the picture', () => {
  const { boxNormalized: box } = crackAt(2, 200, 20, 30);
  const sightings = [{ class: 'crack' as const, box, since: 0, firstBox: box }];
  const gone = (turnedPx: number) => {
    const earlier = [{ visit: { at: 1, sightings }, offset: { x: turnedPx / WIDTH, y: 0 } }];
    const now = { at: 2, unseen: emptyMask(WIDTH / 8, HEIGHT / 8) };
    return persistenceOf(analysisOf([]), earlier, now).analysis.changes!.gone;
  };

  it('is gone when its place is seen without it', () => expect(gone(0)).toHaveLength(1));

  it('is not gone when the camera has turned away from it', () => expect(gone(20)).toEqual([]));
});

describe('a damage that earlier visits marked, and this one left out by its scale', () => {
  const { boxNormalized: box } = crackAt(300, 100, 20, 10);
  const sightings = [{ class: 'D40' as const, box, since: 0, firstBox: box }];
  const roadScale = { calibration: 'traffic', horizon: 0.1, uncertainty: 0.08, samples: 90, visits: 3 } as const;
  const gone = (found: Partial<DamageAnalysis>) => {
    const earlier = [{ visit: { at: 1, sightings }, offset: { x: 0, y: 0 } }];
    const now = { at: 2, unseen: emptyMask(WIDTH / 8, HEIGHT / 8) };
    return persistenceOf({ ...analysisOf([]), ...found }, earlier, now).analysis.changes!.gone;
  };

  it('is not gone', () => {
    const leftOut = [{ class: 'D40', boxNormalized: box, because: 'implausible' } as const];
    expect(gone({ leftOut })).toEqual([]);
    expect(gone({ roadScale: { ...roadScale, carWidthAtBottom: 0.1 } })).toEqual([]);
  });

  it('is gone where such damage could be seen', () => {
    expect(gone({ roadScale: { ...roadScale, carWidthAtBottom: 0.3 } })).toHaveLength(1);
    expect(gone({ roadScale: { unknown: 'Nobody drove.' } })).toHaveLength(1);
  });
});
