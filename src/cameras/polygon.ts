import type { PicturePoint } from './camera.js';

type Edge = readonly [from: PicturePoint, to: PicturePoint];

/** Whether the outline meets itself nowhere but at its corners and encloses something. Points in order, not closed. */
export function isSimplePolygon(points: readonly PicturePoint[]): boolean {
  const edges = edgesOf(points);
  const folds = edges.some((edge, i) => foldsBack(edge, edges[(i + 1) % edges.length] as Edge));
  const crosses = edges.some((edge, i) => edges.some((other, j) => areApart(i, j, edges) && meet(edge, other)));
  return points.length >= 3 && !folds && !crosses && areaOf(points) > 0;
}

/** Whether the outline turns right at every corner, as seen on the picture (y grows downwards). */
export function turnsRightOnly(points: readonly PicturePoint[]): boolean {
  const edges = edgesOf(points);
  return edges.every(([a, b], i) => turn(a, b, (edges[(i + 1) % edges.length] as Edge)[1]) > 0);
}

function edgesOf(points: readonly PicturePoint[]): Edge[] {
  return points.map((point, i) => [point, points[(i + 1) % points.length] as PicturePoint]);
}

/** Edges that share no corner; each pair once. */
function areApart(i: number, j: number, { length }: readonly Edge[]): boolean {
  return j > i + 1 && !(i === 0 && j === length - 1);
}

/** Whether the second edge, which begins where the first ends, runs back along it; also when one has no length. */
function foldsBack([a, b]: Edge, [, c]: Edge): boolean {
  const forward = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
  return same(a, b) || (turn(a, b, c) === 0 && forward < 0);
}

function meet([a, b]: Edge, [c, d]: Edge): boolean {
  const [ofC, ofD, ofA, ofB] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (ofC * ofD < 0 && ofA * ofB < 0) return true;
  const touches = [ofC === 0 && within(a, b, c), ofD === 0 && within(a, b, d)];
  return [...touches, ofA === 0 && within(c, d, a), ofB === 0 && within(c, d, b)].includes(true);
}

function same(a: PicturePoint, b: PicturePoint): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Above 0 where the way from `a` over `b` to `c` turns right on the picture. */
function turn(a: PicturePoint, b: PicturePoint, c: PicturePoint): number {
  return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
}

/** Whether a point of the line through `a` and `b` lies between the two. */
function within(a: PicturePoint, b: PicturePoint, point: PicturePoint): boolean {
  const between = (axis: 0 | 1): boolean =>
    Math.min(a[axis], b[axis]) <= point[axis] && point[axis] <= Math.max(a[axis], b[axis]);
  return between(0) && between(1);
}

function areaOf(points: readonly PicturePoint[]): number {
  return Math.abs(edgesOf(points).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)) / 2;
}
