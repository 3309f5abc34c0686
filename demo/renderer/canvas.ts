/** One channel of a picture. */
export interface Plane {
  data: Uint8Array;
  width: number;
  height: number;
}

const SUB_ROWS = 4;
const coverage = new Float32Array(8192);
const crossings = new Float64Array(64);

/**
 * Fills a polygon with a value, its edges smoothed (exact along a row, four samples down).
 *
 * @param points x and y in turn, px
 * @param size how many px of `points` make one of the plane (2 for a chroma plane of half the size)
 * @param opacity 0..1
 */
export function fillPolygon(
  plane: Plane,
  points: readonly number[],
  size: number,
  value: number,
  opacity: number,
): void {
  const bounds = boundsOf(points, size);
  const left = Math.max(0, Math.floor(bounds.left));
  const right = Math.min(plane.width - 1, Math.floor(bounds.right));
  if (left > right) return;
  const last = Math.min(plane.height - 1, Math.floor(bounds.bottom));
  for (let row = Math.max(0, Math.floor(bounds.top)); row <= last; row++) {
    coverage.fill(0, left, right + 1);
    for (let sub = 0; sub < SUB_ROWS; sub++) coverRow(points, size, row + (sub + 0.5) / SUB_ROWS, left, right);
    const start = row * plane.width;
    for (let column = left; column <= right; column++) {
      const share = coverage[column]! * opacity;
      if (share > 0) plane.data[start + column]! += Math.round((value - plane.data[start + column]!) * share);
    }
  }
}

function boundsOf(
  points: readonly number[],
  size: number,
): { left: number; right: number; top: number; bottom: number } {
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (let i = 0; i < points.length; i += 2) {
    bounds.left = Math.min(bounds.left, points[i]! / size);
    bounds.right = Math.max(bounds.right, points[i]! / size);
    bounds.top = Math.min(bounds.top, points[i + 1]! / size);
    bounds.bottom = Math.max(bounds.bottom, points[i + 1]! / size);
  }
  return bounds;
}

/** Adds to `coverage` what lies inside the polygon on one line. */
function coverRow(points: readonly number[], size: number, y: number, left: number, right: number): void {
  let found = 0;
  let x1 = points[points.length - 2]! / size;
  let y1 = points[points.length - 1]! / size;
  for (let i = 0; i < points.length && found < crossings.length; i += 2) {
    const x2 = points[i]! / size;
    const y2 = points[i + 1]! / size;
    if (y1 <= y !== y2 <= y) crossings[found++] = x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
    [x1, y1] = [x2, y2];
  }
  crossings.subarray(0, found).sort();
  for (let i = 0; i + 1 < found; i += 2) coverSpan(crossings[i]!, crossings[i + 1]!, left, right);
}

function coverSpan(from: number, to: number, left: number, right: number): void {
  const start = Math.max(from, left);
  const end = Math.min(to, right + 1);
  if (end <= start) return;
  const first = Math.floor(start);
  const last = Math.min(right, Math.floor(end));
  if (first === last) {
    coverage[first]! += (end - start) / SUB_ROWS;
    return;
  }
  coverage[first]! += (first + 1 - start) / SUB_ROWS;
  for (let column = first + 1; column < last; column++) coverage[column]! += 1 / SUB_ROWS;
  coverage[last]! += (end - last) / SUB_ROWS;
}
