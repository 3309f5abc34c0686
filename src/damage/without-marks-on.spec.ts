import { describe, expect, it } from '@jest/globals';
import { emptyMask } from '../picture/mask.js';
import type { Detection, PictureMarks } from './damage-detector.js';
import { withoutMarksOn } from './without-marks-on.js';

const mark = (x: number, areaPx: number): Detection => ({
  ...{ class: 'crack', confidence: 0.9, severity: 'low', areaPx },
  ...{ box: { x: 100 * x, y: 50, width: 10, height: 10 }, boxNormalized: { x, y: 0.5, width: 0.1, height: 0.1 } },
});

const marks = (...detections: Detection[]): PictureMarks => ({
  ...{ detector: { name: 'd', version: '1' }, detections, damagedRoadShare: 0.2, damagedAreaM2: 4, roadShare: 0.5 },
  ...{ image: { width: 100, height: 100 }, grounds: 'Where traffic drove.', doubts: [] },
});

/** The left half of the picture. */
const LEFT = emptyMask(10, 10);
LEFT.data.forEach((_, cell) => (LEFT.data[cell] = cell % 10 < 5 ? 1 : 0));

describe('withoutMarksOn', () => {
  it('takes off the marks that lie there mostly, and what they marked', () => {
    const seen = withoutMarksOn(marks(mark(0.2, 300), mark(0.7, 100)), LEFT);
    expect(seen.detections.map(({ boxNormalized }) => boxNormalized.x)).toEqual([0.7]);
    expect(seen).toMatchObject({ damagedRoadShare: 0.05, damagedAreaM2: 1 });
  });

  it('leaves all others as they are', () => {
    const found = marks(mark(0.6, 100));
    expect(withoutMarksOn(found, LEFT)).toBe(found);
    expect(withoutMarksOn(marks(), LEFT).detections).toEqual([]);
  });
});
