import { emptyMask, type Mask } from '../mask.js';

/**
 * The cells of a grid whose middle lies inside a polygon (even-odd rule).
 * @param polygon corners as shares of the grid's width and height; the last is joined to the first
 */
export function polygonMask(
  polygon: readonly (readonly [x: number, y: number])[],
  width: number,
  height: number,
): Mask {
  const mask = emptyMask(width, height);
  for (let row = 0; row < height; row++) {
    const crossings = crossingsAt(polygon, (row + 0.5) / height).map((x) => x * width);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const until = Math.min(width, Math.ceil(crossings[i + 1]! - 0.5));
      if (from < until) mask.data.fill(1, row * width + from, row * width + until);
    }
  }
  return mask;
}

/** Where the polygon's edges cross a line from left to right, sorted. */
function crossingsAt(polygon: readonly (readonly [x: number, y: number])[], y: number): number[] {
  const crossings: number[] = [];
  polygon.forEach(([x1, y1], i) => {
    const [x2, y2] = polygon[(i + 1) % polygon.length]!;
    if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  });
  return crossings.sort((a, b) => a - b);
}
