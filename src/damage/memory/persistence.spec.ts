import { describe, expect, it } from '@jest/globals';
import { analysisOf, crackAt, HEIGHT, WIDTH } from '../../../test/visits/drawn-view.js';
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
