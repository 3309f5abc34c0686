import { emptyMask, stretch, type Mask } from '../mask.js';
import type { Offset } from './registration.js';

/** A mask of an earlier visit on the grid and in the place of now; what was out of the picture then is clear. */
export function movedMask(then: Mask, { x, y }: Offset, width: number, height: number): Mask {
  const same = stretch(then, width, height);
  const [columns, rows] = [Math.round(x * width), Math.round(y * height)];
  if (columns === 0 && rows === 0) return same;
  const out = emptyMask(width, height);
  for (let row = Math.max(0, -rows); row < Math.min(height, height - rows); row++) {
    for (let column = Math.max(0, -columns); column < Math.min(width, width - columns); column++) {
      out.data[row * width + column] = same.data[(row + rows) * width + column + columns]!;
    }
  }
  return out;
}
