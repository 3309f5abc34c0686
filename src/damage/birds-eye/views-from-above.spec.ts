import { describe, expect, it } from '@jest/globals';
import { emptyMask } from '../../picture/mask.js';
import type { Picture } from '../../picture/picture.js';
import type { Calibration } from '../../cameras/camera.js';
import type { Detection } from '../damage-detector.js';
import { fromAbove } from './from-above.js';
import { GroundPlane } from './ground-plane.js';
import { mapped } from '../../picture/geometry/homography.js';
import { measured } from './measure.js';
import { rectify, rectifyMask } from '../../picture/geometry/rectify.js';
import { viewsFromAbove } from './views-from-above.js';

const image = { width: 640, height: 480 };

/** Seven metres wide, forty long, narrowing to a quarter. */
const calibration: Calibration = {
  corners: [
    [0.4, 0.3],
    [0.55, 0.3],
    [0.9, 0.95],
    [0.2, 0.95],
  ],
  widthM: 7,
  lengthM: 40,
};
const plane = GroundPlane.of(calibration, image)!;

/** The picture of a road on which a rectangle in metres is painted white. */
function painted(left: number, top: number, right: number, bottom: number): Picture {
  const rgb = new Uint8Array(3 * image.width * image.height).fill(90);
  for (let i = 0; i < image.width * image.height; i++) {
    const point = plane.onGround([(i % image.width) + 0.5, Math.floor(i / image.width) + 0.5]);
    if (point && point[0] >= left && point[0] <= right && point[1] >= top && point[1] <= bottom) {
      rgb.fill(255, 3 * i, 3 * i + 3);
    }
  }
  return { ...image, rgb };
}

/** A detection whose outline is a rectangle in metres. */
function detectionOn(
  left: number,
  top: number,
  right: number,
  bottom: number,
  change: Partial<Detection> = {},
): Detection {
  const outline = (
    [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ] as const
  ).map((point) => [...plane.pictureOf(point)] as [number, number]);
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const box = { x: Math.min(...xs), y: Math.min(...ys), width: 0, height: 0 };
  box.width = Math.max(...xs) - box.x;
  box.height = Math.max(...ys) - box.y;
  const area =
    Math.abs(outline.reduce((sum, [x, y], i) => sum + x * outline[(i + 1) % 4]![1] - outline[(i + 1) % 4]![0] * y, 0)) /
    2;
  return {
    class: 'crack',
    confidence: 0.9,
    box,
    boxNormalized: box,
    areaPx: area,
    severity: 'low',
    outline,
    ...change,
  };
}

const measuredOne = (detection: Detection) =>
  measured(
    {
      detector: { name: 'x', version: '1' },
      grounds: '',
      doubts: [],
      detections: [detection],
      damagedRoadShare: 0,
      roadShare: 1,
      image,
    },
    plane,
  );

describe('the views from above', () => {
  const views = viewsFromAbove(plane, image);

  it('show all of the calibrated road, each place straight from above', () => {
    const marked = emptyMask(64, 48);
    marked.data.fill(1);
    for (const [i, view] of views.entries()) {
      const [x, y] = plane.onGround(mapped(view.toSource, [view.width / 2, view.height / 2]))!;
      expect(x).toBeCloseTo(3.5);
      const [, next] = plane.onGround(
        mapped(views[i + 1]?.toSource ?? view.toSource, [view.width / 2, view.height / 2]),
      )!;
      expect(next).toBeLessThanOrEqual(y);
      expect(rectifyMask(marked, image, view, 8).data.some((cell) => cell === 1)).toBe(true);
    }
    const bottom = plane.onGround(mapped(views[0]!.toSource, [views[0]!.width / 2, views[0]!.height]))!;
    const top = plane.onGround(mapped(views.at(-1)!.toSource, [views[0]!.width / 2, 0]))!;
    expect(bottom[1]).toBeCloseTo(40);
    expect(top[1]).toBeCloseTo(0);
  });

  it('draw what is square on the road as large as it is', () => {
    const [view] = views;
    const { rgb, width, height } = rectify(painted(2, 37, 4, 38), view!);
    const white = rgb.filter((value, i) => i % 3 === 0 && value > 180).length;
    const [left, top] = plane.onGround(mapped(view!.toSource, [0, 0]))!;
    const [right, bottom] = plane.onGround(mapped(view!.toSource, [width, height]))!;
    const wanted = (width * height * 2) / ((right - left) * (bottom - top));
    expect(white / wanted).toBeGreaterThan(0.9);
    expect(white / wanted).toBeLessThan(1.1);
  });

  it('bring what was found back to where it is in the picture', () => {
    const [view] = views;
    const box = { x: 100, y: 60, width: 80, height: 40 };
    const found = detectionOn(0, 0, 1, 1, { box, areaPx: 3200, outline: [] });
    const back = fromAbove(found, view!, image)!;
    const corner = mapped(view!.toSource, [100, 60]);
    expect(back.box.y).toBeCloseTo(corner[1]);
    expect(back.boxNormalized.x * image.width).toBeCloseTo(back.box.x);
  });
});

describe('measured', () => {
  it('gives the size on the road, whether near or far', () => {
    for (const top of [2, 20, 36]) {
      const { detections, damagedAreaM2 } = measuredOne(detectionOn(3, top, 3.8, top + 3));
      expect(detections[0]).toMatchObject({ widthM: 0.8, lengthM: 3 });
      expect(detections[0]!.areaM2).toBeCloseTo(2.4, 1);
      expect(damagedAreaM2).toBe(detections[0]!.areaM2);
    }
  });

  it('gives a crack its length along its course, which says how bad it is', () => {
    const bent: [number, number][] = [
      [3, 36],
      [3.1, 36.9],
      [3.9, 36.9],
      [3.9, 36],
    ];
    const line = bent.map((point) => [...plane.pictureOf(point)] as [number, number]);
    const [crack] = measuredOne(detectionOn(3, 36, 3.9, 36.9, { line })).detections;
    expect(crack!.courseM).toBeCloseTo(2.6, 1);
    expect(crack!.severity).toBe('medium');
  });

  it('tells cracks along, across and nets by how they lie on the road', () => {
    const kindOf = (detection: Detection) => measuredOne(detection).detections[0]!.class;
    expect(kindOf(detectionOn(3, 30, 3.2, 34))).toBe('D00');
    expect(kindOf(detectionOn(2, 35, 5, 35.3))).toBe('D10');
    expect(kindOf(detectionOn(2, 33, 4, 36))).toBe('D20');
    expect(kindOf(detectionOn(2, 33, 4, 36, { class: 'D00' }))).toBe('D00');
  });

  it('does not tell the kind of what is too small to have a form', () => {
    expect(measuredOne(detectionOn(3, 2, 3.2, 4)).detections[0]!.class).toBe('crack');
  });

  it('goes by metres for how bad it is', () => {
    const severityOf = (detection: Detection) => measuredOne(detection).detections[0]!.severity;
    expect(severityOf(detectionOn(3, 36, 3.1, 36.8))).toBe('low');
    expect(severityOf(detectionOn(3, 35, 3.1, 37))).toBe('medium');
    expect(severityOf(detectionOn(3, 33, 3.1, 37))).toBe('high');
    expect(severityOf(detectionOn(3, 37, 3.1, 37.1, { class: 'D40', severity: 'high' }))).toBe('low');
    expect(severityOf(detectionOn(3, 37, 3.5, 37.5, { class: 'D40' }))).toBe('high');
  });

  it('measures nothing far off the calibrated rectangle', () => {
    const { detections, damagedAreaM2 } = measuredOne(detectionOn(14, 20, 15, 22));
    expect(detections[0]!.areaM2).toBeUndefined();
    expect(detections[0]!.class).toBe('crack');
    expect(damagedAreaM2).toBe(0);
  });
});
