import type { Point } from './hull.js';

/** A line with fewer points that strays from it by at most `tolerance` (Douglas and Peucker, 1973). Keeps both ends. */
export function simplified(line: readonly Point[], tolerance: number): Point[] {
  if (line.length < 3) return [...line];
  const [first, last] = [line[0]!, line.at(-1)!];
  let [worst, farthest] = [0, tolerance];
  for (let i = 1; i < line.length - 1; i++) {
    const distance = distanceFrom(line[i]!, first, last);
    if (distance > farthest) [worst, farthest] = [i, distance];
  }
  if (worst === 0) return [first, last];
  return [...simplified(line.slice(0, worst + 1), tolerance).slice(0, -1), ...simplified(line.slice(worst), tolerance)];
}

/** How long a line is from end to end. */
export function lengthOf(line: readonly (readonly [x: number, y: number])[]): number {
  return line.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - line[i]![0], y - line[i]![1]), 0);
}

function distanceFrom([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.hypot(dx, dy);
  if (length === 0) return Math.hypot(x - ax, y - ay);
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length ** 2));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
