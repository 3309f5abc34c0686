import { describe, expect, it } from '@jest/globals';
import type { PictureMarks } from './damage-detector.js';
import { doubtOfPlenty, judge } from './verdict.js';

const MARKS: PictureMarks = {
  ...{ detector: { name: 'd', version: '1' }, detections: [], damagedRoadShare: 0.123, roadShare: 0.5 },
  ...{ image: { width: 16, height: 9 }, grounds: 'Where traffic drove.', doubts: [] },
};

describe('judge', () => {
  it('says how much is marked, and where the road was looked for', () => {
    const { verdict, verdictReason } = judge(MARKS, 'traffic');
    expect([verdict, verdictReason]).toEqual(['clear', '12.3 % of the road is marked. Where traffic drove.']);
  });

  it('takes nothing as fact when anybody has a doubt, and says all of them', () => {
    const { verdict, verdictReason } = judge({ ...MARKS, doubts: ['It is night.'] }, 'traffic', ['The lens is dirty.']);
    expect([verdict, verdictReason]).toEqual(['inconclusive', 'The lens is dirty. It is night. Where traffic drove.']);
  });

  it('keeps what was marked, and nothing of what it judged by', () => {
    const { verdict, verdictReason, ...kept } = judge(MARKS, 'traffic');
    const { grounds, doubts, ...marked } = MARKS;
    expect([kept, verdict, verdictReason, grounds, doubts]).toEqual([
      { ...marked, roadBy: 'traffic', reported: 0 },
      ...Array<unknown>(4).fill(expect.anything()),
    ]);
  });
});

it('doubts a road that would be damaged all over', () => {
  expect(doubtOfPlenty(0.4, 0.35)).toEqual([expect.stringContaining('40.0 % of the road would be damaged')]);
  expect(doubtOfPlenty(0.35, 0.35)).toEqual([]);
});
