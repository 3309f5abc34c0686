import { scratch, width } from './picture';

/** Side of the patches that are followed, px. */
const PATCH: i32 = 32;

/** Farthest a camera sways between frames, px, and the shifts tried in one direction, 2 px apart. */
const REACH: i32 = 12;
const SHIFTS: i32 = 13;

/** A difference of grey values beyond this one says no more: a vehicle is there. */
const MOST_DIFFERENCE: u8 = 40;

/**
 * The structure tensor of a patch: the sums of gx², gx gy and gy², i32 at `out`. Slopes gx and gy are differences of
 * neighbours on both sides, and so twice as steep as per px.
 * @param patch its first pixel
 */
export function structureOf(patch: usize, out: usize): void {
  let xx = i32x4.splat(0);
  let xy = i32x4.splat(0);
  let yy = i32x4.splat(0);
  for (let y = 0; y < PATCH; y++) {
    const line = patch + <usize>(y * width);
    for (let at = line; at < line + <usize>PATCH; at += 8) {
      const gx = slopeAcross(at);
      const gy = slopeDown(at);
      xx = i32x4.add(xx, i32x4.dot_i16x8_s(gx, gx));
      xy = i32x4.add(xy, i32x4.dot_i16x8_s(gx, gy));
      yy = i32x4.add(yy, i32x4.dot_i16x8_s(gy, gy));
    }
  }
  store<i32>(out, sumOf(xx));
  store<i32>(out, sumOf(xy), 4);
  store<i32>(out, sumOf(yy), 8);
}

function slopeAcross(at: usize): v128 {
  return i16x8.sub(v128.load_ext<u8>(at + 1), v128.load_ext<u8>(at - 1));
}

function slopeDown(at: usize): v128 {
  return i16x8.sub(v128.load_ext<u8>(at + <usize>width), v128.load_ext<u8>(at - <usize>width));
}

function sumOf(lanes: v128): i32 {
  const pairs = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  return pairs + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3);
}

/**
 * The sums of slope times grey value over a patch, i32 at `out`: gx, then gy, times the pixel at (dx, dy), the one right
 * of it, the one below it, and the one right below. From these follows what any place in between would give.
 *
 * @param slopes the patch's first pixel in the frame that gives the slopes
 * @param values the pixel at (dx, dy) from the patch's first one in the frame that gives the grey values
 */
export function correlate(slopes: usize, values: usize, out: usize): void {
  correlateBeside(slopes, values, out);
  correlateBeside(slopes, values + <usize>width, out + 8);
}

/** For a pixel and the one right of it: sums with gx at `out`, and with gy 16 bytes behind. */
function correlateBeside(slopes: usize, values: usize, out: usize): void {
  let acrossHere = i32x4.splat(0);
  let acrossRight = i32x4.splat(0);
  let downHere = i32x4.splat(0);
  let downRight = i32x4.splat(0);
  for (let y = 0; y < PATCH; y++) {
    const line = <usize>(y * width);
    for (let at = line; at < line + <usize>PATCH; at += 8) {
      const across = slopeAcross(slopes + at);
      const down = slopeDown(slopes + at);
      const here = v128.load_ext<u8>(values + at);
      const right = v128.load_ext<u8>(values + at + 1);
      acrossHere = i32x4.add(acrossHere, i32x4.dot_i16x8_s(across, here));
      acrossRight = i32x4.add(acrossRight, i32x4.dot_i16x8_s(across, right));
      downHere = i32x4.add(downHere, i32x4.dot_i16x8_s(down, here));
      downRight = i32x4.add(downRight, i32x4.dot_i16x8_s(down, right));
    }
  }
  store<i32>(out, sumOf(acrossHere));
  store<i32>(out, sumOf(acrossRight), 4);
  store<i32>(out, sumOf(downHere), 16);
  store<i32>(out, sumOf(downRight), 20);
}

/**
 * For each shift by even numbers of px, up to 12 in either direction, how much a patch differs there: every fourth pixel
 * of every fourth line is compared. Adds to 13 x 13 u32 at `costs`, row after row.
 */
export function addShiftCosts(from: usize, to: usize, costs: usize): void {
  const wanted = scratch;
  const lines = scratch + 64;
  thinPatch(from, wanted);
  thinSurroundings(to, lines);
  for (let dy = 0; dy < SHIFTS; dy++) {
    for (let dx = 0; dx < SHIFTS; dx++) {
      // Every fourth pixel from here: of the even ones every second, which lie on their own.
      const first = lines + <usize>(dy * 32 + (dx & 1) * 16 + (dx >> 1));
      const cost = costs + <usize>((dy * SHIFTS + dx) << 2);
      store<u32>(cost, load<u32>(cost) + differenceAt(wanted, first));
    }
  }
}

/** How much two patches differ, by every fourth pixel of every fourth line. */
export function differenceOf(from: usize, to: usize): u32 {
  thinPatch(from, scratch);
  let sum: u32 = 0;
  for (let y = 0; y < 8; y++) {
    const line = to + <usize>(4 * y * width);
    for (let x = 0; x < PATCH; x += 4) {
      const other = <i32>load<u8>(line + <usize>x);
      sum += <u32>min<i32>(MOST_DIFFERENCE, abs(<i32>load<u8>(scratch + <usize>(8 * y + (x >> 2))) - other));
    }
  }
  return sum;
}

/** Every fourth pixel of every fourth line: 8 x 8. */
function thinPatch(patch: usize, out: usize): void {
  for (let y = 0; y < 8; y++) {
    const line = patch + <usize>(4 * y * width);
    v128.store64_lane(out + <usize>(y << 3), everyFourth(line), 0);
  }
}

/** Of every second line around a patch two times 16 bytes: every fourth pixel from the first, and from the third. */
function thinSurroundings(patch: usize, out: usize): void {
  for (let i = 0; i < 2 * 7 + SHIFTS; i++) {
    const line = patch + <usize>((2 * i - REACH) * width) - <usize>REACH;
    for (let start: usize = 0; start < 2; start++) {
      const at = line + 2 * start;
      const to = out + <usize>(i << 5) + (start << 4);
      v128.store64_lane(to, everyFourth(at), 0);
      v128.store64_lane(to + 8, everyFourth(at + 32), 0);
    }
  }
}

/** Of 32 bytes the first of each four, in the lower half. */
function everyFourth(at: usize): v128 {
  return i8x16.shuffle(v128.load(at), v128.load(at + 16), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
}

function differenceAt(wanted: usize, first: usize): u32 {
  let sums = i8x16.splat(0);
  for (let y: usize = 0; y < 8; y += 2) {
    const two = v128.load64_zero(first + y * 64);
    const others = v128.load64_lane(first + y * 64 + 64, two, 1);
    const own = v128.load(wanted + (y << 3));
    const difference = i8x16.sub(i8x16.max_u(own, others), i8x16.min_u(own, others));
    sums = i8x16.add(sums, i8x16.min_u(difference, i8x16.splat(MOST_DIFFERENCE)));
  }
  return <u32>sumOf(i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(sums)));
}
