import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { homographyOf, inverseOf, isInFront, mapped, type Corners, type PlanePoint } from './homography.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const metres = fc.double({ min: 1, max: 200, noNaN: true });

/** A road as cameras see it: a trapezoid, far side shorter, in px of a picture. */
const trapezoid = fc.tuple(share, share, share, share, share).map(([far, near, top, high, skew]): Corners => {
  const [left, wide] = [100 + 200 * near, 300 + 700 * near];
  const [y0, y1] = [50 + 200 * top, 300 + 400 * high];
  const farLeft = left + wide * 0.35 * far + 200 * skew;
  return [
    [farLeft, y0],
    [farLeft + 20 + wide * 0.4 * far, y0],
    [left + wide, y1],
    [left, y1],
  ];
});
const rectangleOf = (width: number, length: number): Corners => [
  [0, 0],
  [width, 0],
  [width, length],
  [0, length],
];
const within = (corners: Corners, u: number, v: number): PlanePoint => {
  const between = (a: PlanePoint, b: PlanePoint, t: number): PlanePoint => [
    a[0] + t * (b[0] - a[0]),
    a[1] + t * (b[1] - a[1]),
  ];
  return between(between(corners[0], corners[1], u), between(corners[3], corners[2], u), v);
};

describe('homographyOf', () => {
  it('maps the corners to the rectangle', () => {
    fc.assert(
      fc.property(trapezoid, metres, metres, (corners, width, length) => {
        const rectangle = rectangleOf(width, length);
        const homography = homographyOf(corners, rectangle)!;
        corners.forEach((corner, i) => {
          const [x, y] = mapped(homography, corner);
          expect(Math.hypot(x - rectangle[i]![0], y - rectangle[i]![1])).toBeLessThan(1e-6 * (width + length));
        });
      }),
    );
  });

  it('comes back by its inverse from everywhere in the quadrilateral', () => {
    fc.assert(
      fc.property(trapezoid, metres, metres, share, share, (corners, width, length, u, v) => {
        const there = homographyOf(corners, rectangleOf(width, length))!;
        const point = within(corners, u, v);
        const [x, y] = mapped(inverseOf(there)!, mapped(there, point));
        expect(Math.hypot(x - point[0], y - point[1])).toBeLessThan(1e-4);
        expect(isInFront(there, point, corners[2])).toBe(true);
      }),
    );
  });

  it('keeps straight lines straight', () => {
    fc.assert(
      fc.property(trapezoid, share, share, share, share, (corners, a, b, c, d) => {
        const there = homographyOf(corners, rectangleOf(10, 40))!;
        const [from, to] = [within(corners, a, b), within(corners, c, d)];
        const middle: PlanePoint = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
        const [p, q, m] = [mapped(there, from), mapped(there, to), mapped(there, middle)];
        const area = (q[0] - p[0]) * (m[1] - p[1]) - (q[1] - p[1]) * (m[0] - p[0]);
        expect(Math.abs(area)).toBeLessThan(1e-6 * 40 * 40);
      }),
    );
  });

  it('refuses corners on a line, corners that coincide and outlines that cross themselves', () => {
    fc.assert(
      fc.property(trapezoid, share, (corners, t) => {
        const [a, b, , d] = corners;
        const onTheLine: PlanePoint = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        expect(homographyOf([a, b, onTheLine, d], rectangleOf(7, 30))).toBeUndefined();
        expect(homographyOf([a, b, b, d], rectangleOf(7, 30))).toBeUndefined();
        expect(homographyOf([a, corners[2], b, d], rectangleOf(7, 30))).toBeUndefined();
      }),
    );
  });

  it('knows what lies beyond the horizon', () => {
    const corners: Corners = [
      [400, 300],
      [600, 300],
      [800, 700],
      [200, 700],
    ];
    const there = homographyOf(corners, rectangleOf(7, 30))!;
    expect(isInFront(there, [500, 200], corners[2])).toBe(true);
    expect(isInFront(there, [500, 50], corners[2])).toBe(false);
  });
});
