import { height, width } from './picture';

/** The mean of the luma at `luma`, and the means of its Laplacian and of the square of that inside: three f64 at `out`. */
export function measureLuma(luma: usize, out: usize): void {
  let sum: f64 = 0;
  for (let y = 0; y < height; y++) sum += <f64>sumOfRow(luma + <usize>(y * width));
  let laplacians: f64 = 0;
  let squares: f64 = 0;
  for (let y = 1; y < height - 1; y++) {
    laplacianRow(luma + <usize>(y * width), out);
    laplacians += load<f64>(out);
    squares += load<f64>(out, 8);
  }
  const inside = <f64>max(1, (width - 2) * (height - 2));
  store<f64>(out, sum / <f64>(width * height));
  store<f64>(out, laplacians / inside, 8);
  store<f64>(out, squares / inside, 16);
}

function sumOfRow(row: usize): i32 {
  let sums = i32x4.splat(0);
  const wide = width & ~15;
  for (let x = 0; x < wide; x += 16) {
    const pairs = i16x8.extadd_pairwise_i8x16_u(v128.load(row + <usize>x));
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs));
  }
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  sum += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (let x = wide; x < width; x++) sum += <i32>load<u8>(row + <usize>x);
  return sum;
}

/** The sums of a row's Laplacian and of its square, without the first and the last pixel: two f64 at `out`. */
function laplacianRow(row: usize, out: usize): void {
  let sums = i32x4.splat(0);
  let squares = i64x2.splat(0);
  for (let x = 1; x < width - 1; x += 8) {
    const values = v128.and(laplacian(row + <usize>x), firstLanes(width - 1 - x));
    const products = i32x4.dot_i16x8_s(values, values);
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(values));
    squares = i64x2.add(squares, i64x2.extend_low_i32x4_u(products));
    squares = i64x2.add(squares, i64x2.extend_high_i32x4_u(products));
  }
  const pairs = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  store<f64>(out, <f64>(pairs + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)));
  store<f64>(out, <f64>(i64x2.extract_lane(squares, 0) + i64x2.extract_lane(squares, 1)), 8);
}

function laplacian(at: usize): v128 {
  const across = i16x8.add(v128.load_ext<u8>(at - 1), v128.load_ext<u8>(at + 1));
  const down = i16x8.add(v128.load_ext<u8>(at - <usize>width), v128.load_ext<u8>(at + <usize>width));
  return i16x8.sub(i16x8.add(across, down), i16x8.shl(v128.load_ext<u8>(at), 2));
}

/** All ones in the first `length` of 8 lanes. */
function firstLanes(length: i32): v128 {
  return i16x8.gt_s(i16x8.splat(<i16>min(8, length)), i16x8(0, 1, 2, 3, 4, 5, 6, 7));
}
