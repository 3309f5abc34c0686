import { columns, height, rows, scratch, size, width } from './picture';

/** Windows and roofs of one colour do not seem to move: gaps of up to twice as many blocks are closed. */
const CLOSING: i32 = 2;

/** The mean absolute difference of the luma of each block, in grey values: f32 at `out`. */
export function blockDifferences(before: usize, after: usize, out: usize): void {
  for (let row = 0; row < rows; row++) {
    const high = min(size, height - row * size);
    const line = <usize>(row * size * width);
    const firstRest = size == 8 ? sums8(before + line, after + line, high, row, out) : 0;
    for (let column = firstRest; column < columns; column++) {
      const at = line + <usize>(column * size);
      const wide = min(size, width - column * size);
      storeMean(out, row * columns + column, sumOf(before + at, after + at, wide, high), wide * high);
    }
  }
}

/** Two blocks at a time, as far as there are two whole ones. Returns the first column that is left. */
function sums8(before: usize, after: usize, high: i32, row: i32, out: usize): i32 {
  const pairs = width >> 4;
  for (let pair = 0; pair < pairs; pair++) {
    let sums = i16x8.splat(0);
    let at = (<usize>pair) << 4;
    for (let y = 0; y < high; y++) {
      const a = v128.load(before + at);
      const b = v128.load(after + at);
      const difference = i8x16.sub(i8x16.max_u(a, b), i8x16.min_u(a, b));
      sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(difference));
      at += <usize>width;
    }
    const quarters = i32x4.extadd_pairwise_i16x8_u(sums);
    const block = row * columns + 2 * pair;
    storeMean(out, block, i32x4.extract_lane(quarters, 0) + i32x4.extract_lane(quarters, 1), 8 * high);
    storeMean(out, block + 1, i32x4.extract_lane(quarters, 2) + i32x4.extract_lane(quarters, 3), 8 * high);
  }
  return 2 * pairs;
}

function sumOf(before: usize, after: usize, wide: i32, high: i32): i32 {
  let sum = 0;
  for (let y = 0; y < high; y++) {
    const line = <usize>(y * width);
    for (let at = line; at < line + <usize>wide; at++) {
      sum += abs(<i32>load<u8>(before + at) - <i32>load<u8>(after + at));
    }
  }
  return sum;
}

function storeMean(out: usize, block: i32, sum: i32, pixels: i32): void {
  store<f32>(out + ((<usize>block) << 2), <f32>sum / <f32>pixels);
}

/** Of each of `length` f32 how far it is from `centre`. */
export function deviations(values: usize, length: i32, centre: f32, out: usize): void {
  for (let i: usize = 0; i < (<usize>length) << 2; i += 4)
    store<f32>(out + i, abs<f32>(load<f32>(values + i) - centre));
}

/**
 * The middle of `length` f32 that are not negative, the upper one if there are two. Such floats lie in the order of
 * their bits, so that it is found bit by bit.
 */
export function middleOf(values: usize, length: i32): f32 {
  const half = length >> 1;
  let middle = 0;
  for (let bit = 1 << 30; bit > 0; bit >>= 1) {
    if (countBelow(values, length, middle | bit) <= half) middle |= bit;
  }
  return reinterpret<f32>(middle);
}

function countBelow(values: usize, length: i32, limit: i32): i32 {
  const limits = i32x4.splat(limit);
  let counts = i32x4.splat(0);
  const quads = (<usize>(length >> 2)) << 4;
  for (let at: usize = 0; at < quads; at += 16) {
    counts = i32x4.sub(counts, i32x4.lt_s(v128.load(values + at), limits));
  }
  let below = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1);
  below += i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  for (let at = quads; at < (<usize>length) << 2; at += 4) below += <i32>(load<i32>(values + at) < limit);
  return below;
}

/** The blocks whose difference is larger than `threshold`: a byte each. */
export function blocksAbove(differences: usize, threshold: f64, out: usize): void {
  const blocks = <usize>(columns * rows);
  for (let i: usize = 0; i < blocks; i++) store<u8>(out + i, <u8>(<f64>load<f32>(differences + (i << 2)) > threshold));
}

/** Closes the gaps in a mask of blocks and fills what is enclosed. */
export function closeMotion(moved: usize, closed: usize): void {
  spread(moved, closed, 1);
  spread(closed, closed, 0);
  fillHoles(closed);
}

/** Every cell within {@link CLOSING} (a square) of one of `value` gets it too; outside the mask there is none. */
function spread(from: usize, to: usize, value: u8): void {
  const stride = <usize>((columns + 2 * CLOSING + 31) & ~15);
  const length = stride * <usize>(rows + 2 * CLOSING);
  const first = stride * <usize>CLOSING + <usize>CLOSING;
  const cells = scratch + 16;
  const across = cells + length + 32;
  memory.fill(scratch, 0, 2 * length + 96);
  const flip = i8x16.splat(1 - value);
  for (let row = 0; row < rows; row++)
    copyFlipped(from + <usize>(row * columns), cells + first + <usize>row * stride, flip);
  for (let at: usize = 0; at < length; at += 16) v128.store(across + at, largestOfFive(cells + at, 1));
  for (let row = 0; row < rows; row++) {
    const line = across + first + <usize>row * stride;
    for (let x: usize = 0; x < <usize>columns; x += 16) v128.store(cells + x, largestOfFive(line + x, stride));
    copyFlipped(cells, to + <usize>(row * columns), flip);
  }
}

function largestOfFive(at: usize, step: usize): v128 {
  const far = i8x16.max_u(v128.load(at - 2 * step), v128.load(at + 2 * step));
  const near = i8x16.max_u(v128.load(at - step), v128.load(at + step));
  return i8x16.max_u(i8x16.max_u(far, near), v128.load(at));
}

function copyFlipped(from: usize, to: usize, flip: v128): void {
  const wide = (<usize>columns) & ~15;
  for (let x: usize = 0; x < wide; x += 16) v128.store(to + x, v128.xor(v128.load(from + x), flip));
  const rest = <u8>i8x16.extract_lane_u(flip, 0);
  for (let x = wide; x < <usize>columns; x++) store<u8>(to + x, load<u8>(from + x) ^ rest);
}

/** Sets what is clear but cannot be reached from the mask's edge. */
function fillHoles(mask: usize): void {
  const blocks = columns * rows;
  const outside = scratch;
  const stack = scratch + <usize>((blocks + 15) & ~15);
  memory.fill(outside, 0, blocks);
  let top = stack;
  for (let x = 0; x < columns; x++) {
    top = reach(mask, outside, x, top);
    top = reach(mask, outside, blocks - columns + x, top);
  }
  for (let y = 0; y < blocks; y += columns) {
    top = reach(mask, outside, y, top);
    top = reach(mask, outside, y + columns - 1, top);
  }
  while (top > stack) {
    top -= 4;
    const cell = load<i32>(top);
    const x = cell % columns;
    if (x > 0) top = reach(mask, outside, cell - 1, top);
    if (x < columns - 1) top = reach(mask, outside, cell + 1, top);
    if (cell >= columns) top = reach(mask, outside, cell - columns, top);
    if (cell < blocks - columns) top = reach(mask, outside, cell + columns, top);
  }
  for (let i: usize = 0; i < <usize>blocks; i++) store<u8>(mask + i, 1 - load<u8>(outside + i));
}

function reach(mask: usize, outside: usize, cell: i32, top: usize): usize {
  if (load<u8>(mask + <usize>cell) == 1 || load<u8>(outside + <usize>cell) == 1) return top;
  store<u8>(outside + <usize>cell, 1);
  store<i32>(top, cell);
  return top + 4;
}

/** In how many of `pairs` gates each block is quiet: a u16 each. */
export function countQuiet(gates: usize, pairs: i32, out: usize): void {
  const blocks = <usize>(columns * rows);
  memory.fill(out, 0, blocks << 1);
  for (const end = gates + <usize>pairs * blocks; gates < end; gates += blocks) {
    for (let i: usize = 0; i < blocks; i++) {
      const quiet = out + (i << 1);
      store<u16>(quiet, load<u16>(quiet) + 1 - <u16>load<u8>(gates + i));
    }
  }
}
