import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyMask, type Mask } from '../../picture/mask.js';
import type { Detection, DetectOptions, PictureMarks, LeftOut } from '../damage-detector.js';
import { judgedByTraffic } from './by-traffic.js';
import type { RoadScale } from './road-scale.js';

/** A car is 0.1 of the picture wide in row 0.6, and at 1280 px 60 px wide in row 0.334 and 20 px in row 0.178. */
const SCALE: RoadScale = {
  ...{ horizon: 0.1, growth: 0.2, samples: 100, visits: 3 },
  error: { row: 0.5, level: 0.0005, growth: 0.001 },
};

/** A damage in a picture of 1280 x 720 px: middle of its box, and its size. */
function damage(kind: Detection['class'], x: number, y: number, width: number, height: number): Detection {
  const box = { x: x - width / 2, y: y - height / 2, width, height };
  const boxNormalized = { x: box.x / 1280, y: box.y / 720, width: width / 1280, height: height / 720 };
  const areaPx = Math.round(0.8 * width * height);
  return { class: kind, confidence: 0.9, box, boxNormalized, areaPx, severity: 'low' };
}

function found(...detections: Detection[]): PictureMarks {
  return {
    ...{ detector: { name: 'd', version: '1' }, detections, damagedRoadShare: 0.1, roadShare: 0.5 },
    ...{ image: { width: 1280, height: 720 }, grounds: 'Where traffic drove.', doubts: [] },
  };
}

function options(change: Partial<DetectOptions> = {}): DetectOptions {
  return { scale: SCALE, signal: new AbortController().signal, ...change };
}

function leftOutOf({ class: kind, boxNormalized }: Detection, because: LeftOut['because']): LeftOut {
  return { class: kind, boxNormalized, because };
}

/** Driven from a row on down, in all columns. */
function drivenFrom(row: number): Mask {
  const mask = emptyMask(16, 100);
  mask.data.fill(1, 16 * row);
  return mask;
}

describe('what is found on a road whose scale traffic gave', () => {
  it('is measured in metres, and says how far they may be off', () => {
    const { detections, damagedAreaM2 } = judgedByTraffic(found(damage('D40', 640, 432, 64, 20)), options());
    expect(detections[0]).toMatchObject({ calibration: 'traffic', widthM: expect.closeTo(1, 1), severity: 'high' });
    expect(detections[0]!.sizeUncertainty!.width).toBeCloseTo(0.08, 2);
    expect(detections[0]!.sizeUncertainty!.length).toBeGreaterThan(0.3);
    expect(damagedAreaM2).toBe(detections[0]!.areaM2);
  });

  it('is as large in a picture of any size', () => {
    const metresAt = (factor: number, x: number, y: number) => {
      const one = damage('crack', x, y, 90, 40);
      const { box } = one;
      const scaled = { x: factor * box.x, y: factor * box.y, width: factor * box.width, height: factor * box.height };
      const marks = found({ ...one, box: scaled, areaPx: factor ** 2 * one.areaPx });
      const image = { width: 1280 * factor, height: 720 * factor };
      const { widthM, lengthM, areaM2 } = judgedByTraffic({ ...marks, image }, options()).detections[0]!;
      return [widthM, lengthM, areaM2].map((metres) => expect.closeTo(metres!, 1));
    };
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1180 }), fc.integer({ min: 350, max: 690 }), (x, y) => {
        expect(metresAt(1, x, y)).toEqual(metresAt(0.5, x, y));
      }),
    );
  });

  it("keeps the operator's metres where there are some", () => {
    const calibrated = { ...damage('D40', 640, 432, 64, 20), areaM2: 0.4, widthM: 0.8, lengthM: 0.6 };
    const measured: Detection = { ...calibrated, calibration: 'operator' };
    const { detections, damagedAreaM2 } = judgedByTraffic(
      found(measured, damage('crack', 640, 600, 64, 20)),
      options(),
    );
    expect(detections[0]).toEqual(measured);
    expect(detections[1]).toHaveProperty('calibration', 'traffic');
    expect(damagedAreaM2).toBeCloseTo(0.4 + detections[1]!.areaM2!);
  });

  it.each<[string, Detection, boolean]>([
    ['a pothole of 6 m', damage('D40', 640, 432, 384, 40), false],
    ['a pothole of 2 m', damage('D40', 640, 432, 128, 40), true],
    ['a pothole of 4 cm', damage('D40', 640, 660, 4, 3), false],
    ['a crack of 6 m', damage('crack', 640, 432, 384, 40), true],
    ['a crack of 5 cm', damage('crack', 640, 660, 5, 1), false],
  ])('leaves out what has no possible size: %s', (_, detection, stays) => {
    const { detections, leftOut } = judgedByTraffic(found(detection), options());
    expect(detections).toHaveLength(stays ? 1 : 0);
    expect(leftOut).toEqual(stays ? undefined : [leftOutOf(detection, 'implausible')]);
  });

  it.each<[string, Detection, boolean]>([
    ['a pothole where a car is 55 px wide', damage('D40', 640, 220, 20, 10), false],
    ['a pothole where a car is 66 px wide', damage('D40', 640, 253, 20, 10), true],
    ['a crack where a car is 55 px wide', damage('crack', 640, 220, 20, 10), true],
    ['a crack where a pixel holds 12 cm', damage('D10', 640, 112, 20, 10), false],
    ['a crack above the horizon', damage('crack', 640, 50, 20, 10), false],
  ])('claims nothing beyond the limit of sight: %s', (_, detection, stays) => {
    const { detections, leftOut } = judgedByTraffic(found(detection), options());
    expect(detections).toHaveLength(stays ? 1 : 0);
    expect(leftOut).toEqual(stays ? undefined : [leftOutOf(detection, 'beyondSight')]);
  });

  it('counts as damaged road only what is left', () => {
    const [far, near] = [damage('D40', 640, 200, 20, 10), damage('D40', 640, 500, 20, 10)];
    const { damagedRoadShare, detections } = judgedByTraffic(found(far, near), options());
    expect(detections.map(({ box }) => box)).toEqual([near.box]);
    expect(damagedRoadShare).toBeCloseTo(0.05);
  });

  it('says how much of the road was near enough for potholes', () => {
    expect(judgedByTraffic(found(), options({ drivenRoad: drivenFrom(20) })).judgedRoadShare).toBeCloseTo(67 / 80, 2);
    expect(judgedByTraffic(found(), options({ drivenRoad: drivenFrom(50) })).judgedRoadShare).toBe(1);
    expect(judgedByTraffic(found(), options())).not.toHaveProperty('judgedRoadShare');
  });

  it('comes with the scale, in shares of the picture', () => {
    expect(judgedByTraffic(found(), options()).roadScale).toEqual({
      ...{ calibration: 'traffic', horizon: 0.1, carWidthAtBottom: 0.18, uncertainty: 0.08, samples: 100, visits: 3 },
    });
  });
});

describe('what is found on a road of unknown scale', () => {
  const unknown = { unknown: 'Only 3 vehicles were measured, 15 are needed.' };

  it('stays as it is, and the analysis says why', () => {
    const marks = found(damage('D40', 640, 120, 700, 10));
    expect(judgedByTraffic(marks, options({ scale: unknown }))).toEqual({ ...marks, roadScale: unknown });
    expect(judgedByTraffic(marks, options({ scale: undefined }))).toEqual(marks);
  });

  it("is left out when the operator's metres rule it out", () => {
    const large: Detection = {
      ...damage('D40', 640, 432, 64, 20),
      calibration: 'operator',
      areaM2: 9,
      widthM: 6,
      lengthM: 2,
    };
    const { detections, leftOut } = judgedByTraffic(found(large), options({ scale: undefined }));
    expect([detections, leftOut]).toEqual([[], [leftOutOf(large, 'implausible')]]);
  });
});
