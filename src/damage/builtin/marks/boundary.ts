import { contourOf } from '../../../picture/geometry/contour.js';
import type { Point } from '../../../picture/geometry/hull.js';
import { simplified } from '../../../picture/geometry/simplify.js';
import { close, emptyMask, regionsOf } from '../../../picture/mask.js';

/** Cells of one damage lie so close that this closes the gaps between most of them. cells */
const REACH = 1;

/** Outlines stray from the cells by so much: what is finer is the grid's, not the road's. cells */
const TOLERANCE = 0.75;

/** A closed line around the cells of a damage, corners of cells: along a crack, not around all that it encloses. */
export function boundaryOf(cells: readonly number[], { width, height }: { width: number; height: number }): Point[] {
  const mask = emptyMask(width, height);
  for (const cell of cells) mask.data[cell] = 1;
  const [largest = []] = regionsOf(close(mask, REACH)).sort((a, b) => b.length - a.length);
  const contour = contourOf(largest, width);
  // As two lines, for one that ends where it begins has no length to go by.
  const half = contour.length >> 1;
  const [there, back] = [contour.slice(0, half + 1), [...contour.slice(half), contour[0]!]];
  return [...simplified(there, TOLERANCE).slice(0, -1), ...simplified(back, TOLERANCE).slice(0, -1)];
}
