import { describe, expect, it } from '@jest/globals';
import { lightOf, verdictOf } from './quality.js';

const seen = { frozen: false, coverage: 0.3, hiddenRoadShare: 0 };

describe('verdictOf', () => {
  it.each([
    [0.01, 'clear'],
    [0.05, 'partly_hidden'],
    [0.21, 'inconclusive'],
  ])('judges %d of the road in doubt as %s', (hiddenRoadShare, verdict) => {
    expect(verdictOf({ ...seen, hiddenRoadShare }).verdict).toBe(verdict);
  });

  it('does not trust a frozen picture', () => {
    expect(verdictOf({ ...seen, frozen: true })).toMatchObject({ verdict: 'inconclusive' });
  });

  it('says that nothing moved', () => {
    expect(verdictOf({ ...seen, coverage: 0 }).verdictReason).toContain('Nothing moved');
  });
});

describe('the looks of a picture', () => {
  it('tell day from night', () => {
    expect([120, 65, 20].map(lightOf)).toEqual(['day', 'dusk', 'night']);
  });
});
