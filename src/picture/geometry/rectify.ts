import { emptyMask, type Mask } from '../mask.js';
import type { Picture } from '../picture.js';
import { mapped, type Homography } from './homography.js';

/** A picture of some plane, and where each of its pixels is found in another one. */
export interface PlaneView {
  /** px */
  width: number;
  /** px */
  height: number;
  /** px of this view to px of the source. */
  toSource: Homography;
}

/** Draws a view of a picture, bilinearly; what lies outside the source is black. */
export function rectify(source: Picture, { width, height, toSource }: PlaneView): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [u, v] = mapped(toSource, [x + 0.5, y + 0.5]);
      sample(source, u - 0.5, v - 0.5, rgb, at);
    }
  }
  return { width, height, rgb };
}

/** The same view of a mask that lies over the source, one cell for each `cell` px of the view. */
export function rectifyMask(
  mask: Mask,
  source: { width: number; height: number },
  view: PlaneView,
  cell: number,
): Mask {
  const out = emptyMask(Math.ceil(view.width / cell), Math.ceil(view.height / cell));
  for (let row = 0, at = 0; row < out.height; row++) {
    for (let column = 0; column < out.width; column++, at++) {
      const [u, v] = mapped(view.toSource, [(column + 0.5) * cell, (row + 0.5) * cell]);
      const [x, y] = [Math.floor((u / source.width) * mask.width), Math.floor((v / source.height) * mask.height)];
      if (x >= 0 && y >= 0 && x < mask.width && y < mask.height) out.data[at] = mask.data[y * mask.width + x]!;
    }
  }
  return out;
}

function sample({ width, height, rgb }: Picture, x: number, y: number, out: Uint8Array, at: number): void {
  if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) return;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - left, y - top];
  const p = 3 * (top * width + left);
  const q = p + 3 * width;
  for (let c = 0; c < 3; c++) {
    const upper = rgb[p + c]! * (1 - fx) + rgb[p + 3 + c]! * fx;
    const lower = rgb[q + c]! * (1 - fx) + rgb[q + 3 + c]! * fx;
    out[at + c] = upper * (1 - fy) + lower * fy + 0.5;
  }
}
