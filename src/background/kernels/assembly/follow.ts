import { correlate } from './camera-shift';
import { scratch, width } from './picture';

/** Farthest a camera sways between frames, px. */
const REACH: f64 = 12;

/** Rounds of refinement; each brings a fraction of a pixel. */
const ROUNDS: i32 = 4;

/**
 * Where a patch went, by Lucas and Kanade (1981) from a first guess. Each round needs the sums of slope times difference
 * between the frames. The frame in between its pixels is a mixture of four frames that lie on them, and so are its sums:
 * they are computed anew only when the shift passes a pixel.
 *
 * @param patch the patch's first pixel in the frame it was found in
 * @param frame the same place in the frame that it is looked for in
 * @param structure as `structureOf` writes it, and 16 bytes further what `correlate` gives for the patch with itself
 * @param shift two f64: the first guess, and then the shift, px
 * @returns whether it was found within reach
 */
export function follow(patch: usize, frame: usize, structure: usize, shift: usize): bool {
  const xx = <f64>load<i32>(structure) / 4;
  const xy = <f64>load<i32>(structure, 4) / 4;
  const yy = <f64>load<i32>(structure, 8) / 4;
  const determinant = xx * yy - xy * xy;
  if (determinant <= 0) return false;
  const own = structure + 16;
  const corners = scratch;
  let dx = load<f64>(shift);
  let dy = load<f64>(shift, 8);
  let seenX: f64 = NaN;
  let seenY: f64 = NaN;
  for (let round = 0; round < ROUNDS; round++) {
    const x = Math.floor(dx);
    const y = Math.floor(dy);
    if (x != seenX || y != seenY) correlate(patch, frame + <usize>(<i32>y * width + <i32>x), corners);
    seenX = x;
    seenY = y;
    const xt = sumAt(own, 0) - mixture(corners, dx - x, dy - y);
    const yt = sumAt(own, 4) - mixture(corners + 16, dx - x, dy - y);
    dx += (yy * xt - xy * yt) / determinant;
    dy += (xx * yt - xy * xt) / determinant;
    if (!(Math.abs(dx) <= REACH && Math.abs(dy) <= REACH)) return false;
  }
  store<f64>(shift, dx);
  store<f64>(shift, dy, 8);
  return true;
}

/** The slopes behind the sums are twice as steep. */
function sumAt(sums: usize, index: usize): f64 {
  return <f64>load<i32>(sums + (index << 2)) / 2;
}

/** Between the sums of four neighbouring pixels. */
function mixture(sums: usize, fx: f64, fy: f64): f64 {
  const upper = sumAt(sums, 0) * (1 - fx) + sumAt(sums, 1) * fx;
  const lower = sumAt(sums, 2) * (1 - fx) + sumAt(sums, 3) * fx;
  return upper * (1 - fy) + lower * fy;
}
