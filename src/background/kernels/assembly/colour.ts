import { height, scratch, width } from './picture';

/** How YUV becomes RGB: see `toRgb` on the other side. */
let base: v128 = f64x2.splat(0);
let gain: v128 = f64x2.splat(0);
let redV: v128 = f64x2.splat(0);
let greenU: v128 = f64x2.splat(0);
let greenV: v128 = f64x2.splat(0);
let blueU: v128 = f64x2.splat(0);

/**
 * Turns a fine YUV 4:2:0 frame into RGB; chroma is interpolated between its samples.
 * @param out 3 bytes for each pixel, and 16 more that are overwritten
 */
export function toRgb(fine: usize, out: usize, theBase: f64, theGain: f64, rv: f64, gu: f64, gv: f64, bu: f64): void {
  base = f64x2.splat(theBase);
  gain = f64x2.splat(theGain);
  redV = f64x2.splat(rv);
  greenU = f64x2.splat(gu);
  greenV = f64x2.splat(gv);
  blueU = f64x2.splat(bu);
  const luma = <usize>(width * height);
  const u = scratch;
  const v = scratch + <usize>(2 * width + 64);
  for (let y = 0; y < height; y++) {
    chromaRow(fine + 2 * luma, y, u);
    chromaRow(fine + 2 * luma + (luma >> 1), y, v);
    convertRow(fine + <usize>(2 * y * width), u, v, out + <usize>(3 * y * width));
  }
}

/** Chroma lies on the even columns and between two rows (the siting of MPEG-2 and H.264). Writes f32, one more than there are. */
function chromaRow(plane: usize, y: i32, out: usize): void {
  const half = width >> 1;
  const near = y >> 1;
  const far = min((height >> 1) - 1, max(0, near + ((y & 1) == 0 ? -1 : 1)));
  const a = plane + <usize>(2 * near * half);
  const b = plane + <usize>(2 * far * half);
  for (let x: usize = 0; x < <usize>half; x += 4) {
    const threeQuarters = i32x4.mul(fourAt(a + 2 * x), i32x4.splat(3));
    const fine = f32x4.convert_i32x4_u(i32x4.add(threeQuarters, fourAt(b + 2 * x)));
    v128.store(out + 4 * x, f32x4.mul(fine, f32x4.splat(1 / 1024)));
  }
  store<f32>(out + <usize>(4 * half), load<f32>(out + <usize>(4 * half - 4)));
}

function fourAt(at: usize): v128 {
  return v128.load_ext<u16>(at);
}

/** Four pixels at a time; what is too much at the end of a row is overwritten by the next one. */
function convertRow(luma: usize, u: usize, v: usize, out: usize): void {
  for (let x: usize = 0; x < <usize>width; x += 4) {
    const greys = fourAt(luma + 2 * x);
    const blues = between(u + 2 * x);
    const reds = between(v + 2 * x);
    const swapped = i64x2.shuffle(greys, greys, 1, 0);
    const left = twoPixels(greys, blues, reds);
    const right = twoPixels(swapped, i64x2.shuffle(blues, blues, 1, 0), i64x2.shuffle(reds, reds, 1, 0));
    const four = i64x2.shuffle(left, right, 0, 2);
    v128.store(out + 3 * x, i8x16.shuffle(four, four, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15));
  }
}

/** Two samples of chroma, each followed by the mean of it and the next. */
function between(at: usize): v128 {
  const here = v128.load64_zero(at);
  const next = v128.load64_zero(at + 4);
  const means = f32x4.mul(f32x4.add(here, next), f32x4.splat(0.5));
  return i32x4.shuffle(here, means, 0, 4, 1, 5);
}

/** Two pixels by the lower halves of their numbers: red, green and blue in the lower three bytes of an i32 each. */
function twoPixels(greys: v128, blues: v128, reds: v128): v128 {
  const luma = f64x2.mul(f64x2.convert_low_i32x4_u(greys), f64x2.splat(1 / 256));
  const grey = f64x2.mul(f64x2.sub(luma, base), gain);
  const blue = f64x2.sub(f64x2.promote_low_f32x4(blues), f64x2.splat(128));
  const red = f64x2.sub(f64x2.promote_low_f32x4(reds), f64x2.splat(128));
  const r = whole(f64x2.add(grey, f64x2.mul(redV, red)));
  const g = whole(f64x2.sub(f64x2.sub(grey, f64x2.mul(greenU, blue)), f64x2.mul(greenV, red)));
  const b = whole(f64x2.add(grey, f64x2.mul(blueU, blue)));
  return v128.or(r, v128.or(i32x4.shl(g, 8), i32x4.shl(b, 16)));
}

function whole(values: v128): v128 {
  const clamped = f64x2.min(f64x2.max(values, f64x2.splat(0)), f64x2.splat(255));
  return i32x4.trunc_sat_f64x2_u_zero(f64x2.add(clamped, f64x2.splat(0.5)));
}
