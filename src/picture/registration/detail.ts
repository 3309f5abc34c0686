import type { Luma } from './luma.js';

/** The fine structure of a picture, in grey values around 0. */
export interface Detail {
  /** px */
  width: number;
  /** px */
  height: number;
  data: Float32Array;
}

/** Detail finer than twice this is kept, px: large shapes look alike even where the camera has turned. */
const DETAIL_RADIUS = 5;

/** One bright edge must not outvote the rest, grey values. */
const MOST = 40;

/** What a picture holds beside the mean of its surroundings. */
export function detailOf({ width, height, data }: Luma): Detail {
  const sums = integralOf(data, width, height);
  const stride = width + 1;
  const detail = Float32Array.from(data, (value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [left, right] = [Math.max(0, x - DETAIL_RADIUS), Math.min(width, x + DETAIL_RADIUS + 1)];
    const [top, bottom] = [Math.max(0, y - DETAIL_RADIUS), Math.min(height, y + DETAIL_RADIUS + 1)];
    const [upper, lower] = [top * stride, bottom * stride];
    const sum = sums[lower + right]! - sums[lower + left]! - sums[upper + right]! + sums[upper + left]!;
    const difference = value - sum / ((right - left) * (bottom - top));
    return Math.max(-MOST, Math.min(MOST, difference));
  });
  return { width, height, data: detail };
}

function integralOf(data: Uint8Array, width: number, height: number): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}
