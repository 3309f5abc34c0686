/** A place on a plane. */
export type PlanePoint = readonly [x: number, y: number];

/** A projective map of one plane to another: the rows of a 3 x 3 matrix, one after the other. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** Four corners of a quadrilateral. */
export type Corners = readonly [PlanePoint, PlanePoint, PlanePoint, PlanePoint];

/** A determinant this small, of coordinates scaled to about 1, means corners on a line. */
const DEGENERATE = 1e-9;

/**
 * The homography that maps four points to four others (direct linear transform, Hartley and Zisserman 2003, 4.1; both
 * sets are scaled to about 1 first, for the sake of precision).
 *
 * @returns undefined when three of four points lie on a line, or the quadrilateral crosses itself
 */
export function homographyOf(from: Corners, to: Corners): Homography | undefined {
  if (!isConvex(from) || !isConvex(to)) return undefined;
  const [scaleFrom, scaleTo] = [unitScale(from), unitScale(to)];
  const [source, target] = [moved(from, scaleFrom), moved(to, scaleTo)];
  const rows = source.flatMap(([x, y], i) => {
    const [u, v] = target[i]!;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  const solved = solve(rows);
  const undone = solved && inverseOf(scaleTo);
  return undone && times(times(undone, [...solved, 1] as unknown as Homography), scaleFrom);
}

/** The way back. Undefined when there is none. */
export function inverseOf([a, b, c, d, e, f, g, h, i]: Homography): Homography | undefined {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (determinant === 0 || !Number.isFinite(determinant)) return undefined;
  const adjugate = [
    ...[e * i - f * h, c * h - b * i, b * f - c * e],
    ...[f * g - d * i, a * i - c * g, c * d - a * f],
    ...[d * h - e * g, b * g - a * h, a * e - b * d],
  ];
  return adjugate.map((value) => value / determinant) as unknown as Homography;
}

/** Where a point goes. Points beyond the horizon come out mirrored: see {@link isInFront}. */
export function mapped([a, b, c, d, e, f, g, h, i]: Homography, [x, y]: PlanePoint): [x: number, y: number] {
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** Whether a point lies on the same side of the horizon as `known`, a point that is surely in front. */
export function isInFront(homography: Homography, [x, y]: PlanePoint, [knownX, knownY]: PlanePoint): boolean {
  const [, , , , , , g, h, i] = homography;
  return (g * x + h * y + i) * (g * knownX + h * knownY + i) > 0;
}

/** All turns of its outline go the same way: no three corners on a line, and no crossing. */
function isConvex(corners: Corners): boolean {
  const scaled = moved(corners, unitScale(corners));
  const turns = scaled.map((at, i) => turn(scaled[(i + 3) % 4]!, at, scaled[(i + 1) % 4]!));
  return turns.every((value) => value > DEGENERATE) || turns.every((value) => value < -DEGENERATE);
}

function turn([ax, ay]: PlanePoint, [bx, by]: PlanePoint, [cx, cy]: PlanePoint): number {
  return (bx - ax) * (cy - by) - (by - ay) * (cx - bx);
}

/** Moves points to about the origin, at distances of about 1. */
function unitScale(points: Corners): Homography {
  const [x, y] = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis]!, 0) / 4) as [number, number];
  const spread = points.reduce((sum, point) => sum + Math.hypot(point[0] - x, point[1] - y), 0) / 4;
  const scale = 1 / (spread || 1);
  return [scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1];
}

function moved(points: Corners, by: Homography): Corners {
  return points.map((point) => mapped(by, point)) as unknown as Corners;
}

function times(left: Homography, right: Homography): Homography {
  const cell = (row: number, column: number) =>
    [0, 1, 2].reduce((sum, k) => sum + left[3 * row + k]! * right[3 * k + column]!, 0);
  return Array.from({ length: 9 }, (_, i) => cell(Math.floor(i / 3), i % 3)) as unknown as Homography;
}

/** Gaussian elimination with pivots; each row ends with its right side. Undefined when there is no single solution. */
function solve(rows: number[][]): number[] | undefined {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const size = (row: readonly number[]) => Math.abs(row[column]!);
    const pivot = rows.slice(column).reduce((best, row) => (size(row) > size(best) ? row : best), rows[column]!);
    if (size(pivot) < DEGENERATE) return undefined;
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(column, 0, pivot);
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const share = row[column]! / pivot[column]!;
      rows[i] = row.map((value, k) => value - share * pivot[k]!);
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
