import { describe, expect, it } from '@jest/globals';
import { isShortLook, lightOf, verdictOf, type Evidence } from './quality.js';

const look: Evidence['look'] = {
  ...{ askedSeconds: 20, watchedSeconds: 20, endedByItself: false, reconnects: 0 },
  ...{ framesTaken: 60, framesDamaged: 0, showsDamaged: false, framesRepeated: 0, showsRepeats: false },
};
const steadyLight = { change: 'none', keptShare: 1, isInfrared: false } as const;
const cameraSway = { deviationPx: 0, largestPx: 0, aligned: false, unfollowedShare: 0 };
const seen: Evidence = {
  showing: 'live',
  coverage: 0.3,
  hiddenRoadShare: 0,
  standingRoadShare: 0,
  steadyLight,
  cameraSway,
  look,
};

describe('verdictOf', () => {
  it.each([
    [0.01, 'clear', []],
    [0.05, 'partly_hidden', ['traffic']],
    [0.21, 'inconclusive', ['traffic']],
  ])('judges %d of the road in doubt as %s', (hiddenRoadShare, verdict, doubts) => {
    expect(verdictOf({ ...seen, hiddenRoadShare })).toMatchObject({ verdict, doubts });
  });

  it.each([
    [0.01, 'partly_hidden'],
    [0.2, 'inconclusive'],
  ])('judges %d of the road on which something may stand as %s', (standingRoadShare, verdict) => {
    expect(verdictOf({ ...seen, standingRoadShare })).toMatchObject({ verdict, doubts: ['standing'] });
  });

  it.each([
    ['infrared', 0.6, 'partly_hidden', 'infrared_switch'],
    ['infrared', 0.4, 'inconclusive', 'infrared_switch'],
    ['exposure', 0.8, 'partly_hidden', 'exposure'],
    ['exposure', 0.4, 'inconclusive', 'exposure'],
  ] as const)('judges a change of light (%s, %d kept) as %s', (change, keptShare, verdict, doubt) => {
    const judged = verdictOf({ ...seen, steadyLight: { change, keptShare, isInfrared: false } });
    expect(judged).toMatchObject({ verdict, doubts: [doubt] });
  });

  it.each([
    [true, 0.1, 'clear', []],
    [true, 0.3, 'partly_hidden', ['sway']],
    [true, 0.6, 'inconclusive', ['sway']],
    [false, 0.6, 'clear', []],
  ])(
    'judges sway (aligned: %s) that cannot be followed in %d of the frames as %s',
    (aligned, share, verdict, doubts) => {
      const sway = { ...cameraSway, aligned, unfollowedShare: share };
      expect(verdictOf({ ...seen, cameraSway: sway })).toMatchObject({ verdict, doubts });
    },
  );

  it.each(['frozen', 'slate', 'color_bars'] as const)('does not trust what is no live view: %s', (showing) => {
    expect(verdictOf({ ...seen, showing })).toMatchObject({ verdict: 'inconclusive', doubts: [showing] });
  });

  it('says that nothing moved', () => {
    expect(verdictOf({ ...seen, coverage: 0 }).verdictReason).toContain('Nothing moved');
  });

  it.each([
    [16, 'clear', []],
    [15.9, 'partly_hidden', ['short_look']],
    [10, 'partly_hidden', ['short_look']],
    [6, 'inconclusive', ['short_look']],
  ])('judges a look of %d of 20 s as %s', (watchedSeconds, verdict, doubts) => {
    expect(verdictOf({ ...seen, look: { ...look, watchedSeconds } })).toMatchObject({ verdict, doubts });
  });

  it('says how much was watched', () => {
    const { verdictReason } = verdictOf({ ...seen, look: { ...look, watchedSeconds: 6 } });
    expect(verdictReason).toContain('Short look: 6.0 of 20 s');
  });

  it.each([
    [29, false, 'clear', []],
    [31, false, 'partly_hidden', ['damaged_frames']],
    [56, true, 'inconclusive', ['damaged_frames']],
  ])('judges %d of 60 frames damaged, shown: %s, as %s', (framesDamaged, showsDamaged, verdict, doubts) => {
    const damaged = { ...look, framesDamaged, showsDamaged };
    expect(verdictOf({ ...seen, look: damaged })).toMatchObject({ verdict, doubts });
  });

  it('does not call clear what had to be made of frames that repeat each other', () => {
    const repeating = { ...look, framesRepeated: 4, showsRepeats: true };
    expect(verdictOf({ ...seen, look: repeating })).toMatchObject({
      verdict: 'partly_hidden',
      doubts: ['repeated_frames'],
    });
    expect(verdictOf({ ...seen, look: { ...look, framesRepeated: 4 } }).verdict).toBe('clear');
  });

  it('names every doubt, the gravest first', () => {
    const short = { ...look, watchedSeconds: 12 };
    const { verdict, doubts } = verdictOf({ ...seen, hiddenRoadShare: 0.2, look: short });
    expect([verdict, doubts]).toEqual(['inconclusive', ['traffic', 'short_look']]);
  });
});

describe('isShortLook', () => {
  it('asks for another look at a stream that broke off, not at a recording that is no longer', () => {
    expect(isShortLook({ ...look, watchedSeconds: 9 })).toBe(true);
    expect(isShortLook({ ...look, watchedSeconds: 11 })).toBe(false);
    expect(isShortLook({ ...look, watchedSeconds: 9, endedByItself: true })).toBe(false);
  });
});

describe('the looks of a picture', () => {
  it('tell day from night', () => {
    expect([120, 65, 20].map(lightOf)).toEqual(['day', 'dusk', 'night']);
  });
});
