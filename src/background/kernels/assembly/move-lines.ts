import { scratch } from './picture';

/** Columns are moved in strips this wide, px. */
const STRIP: i32 = 16;

/** The weights of four neighbouring pixels. */
let a: v128 = f32x4.splat(0);
let b: v128 = f32x4.splat(0);
let c: v128 = f32x4.splat(0);
let d: v128 = f32x4.splat(0);

/** Sets the weights with which pixels are interpolated: of the one before a place, the one on it, and the two after it. */
export function weigh(first: f32, second: f32, third: f32, fourth: f32): void {
  a = f32x4.splat(first);
  b = f32x4.splat(second);
  c = f32x4.splat(third);
  d = f32x4.splat(fourth);
}

/** Moves the rows of a plane by `whole` px and what the weights say, in place. What lies outside repeats the border. */
export function moveRows(plane: usize, width: i32, height: i32, whole: i32): void {
  for (let y = 0; y < height; y++) {
    const row = plane + <usize>(y * width);
    for (let i = 0; i < width + 3; i++) {
      store<u8>(scratch + <usize>i, load<u8>(row + <usize>within(i - 1 + whole, width)));
    }
    for (let x = 0; x < width; x += 4) {
      const at = scratch + <usize>x;
      write(row + <usize>x, interpolated(at, at + 1, at + 2, at + 3), width - x);
    }
  }
}

/** Moves the columns of a plane as {@link moveRows} does the rows. */
export function moveColumns(plane: usize, width: i32, height: i32, whole: i32): void {
  for (let left = 0; left < width; left += STRIP) {
    for (let y = 0; y < height; y++) v128.store(placeOf(y), v128.load(plane + <usize>(y * width + left)));
    for (let y = 0; y < height; y++) {
      const above = y - 1 + whole;
      const first = placeOf(within(above, height));
      const second = placeOf(within(above + 1, height));
      const third = placeOf(within(above + 2, height));
      const fourth = placeOf(within(above + 3, height));
      for (let x: usize = 0; x < <usize>min(STRIP, width - left); x += 4) {
        const four = interpolated(first + x, second + x, third + x, fourth + x);
        write(plane + <usize>(y * width + left) + x, four, width - left - <i32>x);
      }
    }
  }
}

function placeOf(row: i32): usize {
  return scratch + <usize>(row * STRIP);
}

function within(index: i32, length: i32): i32 {
  return min(length - 1, max(0, index));
}

/** Four pixels, rounded half to even as a clamped array does. */
function interpolated(first: usize, second: usize, third: usize, fourth: usize): u32 {
  const left = f32x4.add(f32x4.mul(a, fourAt(first)), f32x4.mul(b, fourAt(second)));
  const sum = f32x4.add(f32x4.add(left, f32x4.mul(c, fourAt(third))), f32x4.mul(d, fourAt(fourth)));
  const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum));
  const words = i16x8.narrow_i32x4_s(whole, whole);
  return <u32>i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
}

function fourAt(at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}

function write(to: usize, four: u32, room: i32): void {
  if (room >= 4) return store<u32>(to, four);
  for (let i = 0; i < room; i++) store<u8>(to + <usize>i, <u8>(four >> (8 * i)));
}
