import { count } from './picture';
import { ONE_VALUE, runsRoom, writeRun } from './runs';

/** So many pixels are read at once. */
export const LANES: i32 = 8;

/** The most samples that fit the arithmetic of 16 bits. */
export const MOST_SAMPLES: i32 = 256;

/** Of the run that is going on: the sum and number of its samples, and how many of them count. */
let sums: v128 = i16x8.splat(0);
let sizes: v128 = i16x8.splat(0);
let counted: v128 = i16x8.splat(0);

/** All ones where a run that counts is further than {@link ONE_VALUE} from the median. */
let strange: v128 = i16x8.splat(0);
let median: v128 = i16x8.splat(0);

/**
 * Reads the unbroken runs of one value in the samples of 8 pixels, in the order of time. A run goes on through frames
 * whose sample does not count as long as the value stays, for then it was a neighbour that moved. Runs of such samples
 * alone are left out, but for the last one.
 *
 * @param samples of 8 pixels side by side, of each frame, `stride` bytes apart
 * @param medians of these pixels, a byte each
 * @param moving 1 for the frames whose sample does not count, a byte each
 * @param room for the runs of 8 pixels, see `runsRoom`, and behind it for the number of runs of each, u32
 * @returns a bit for each pixel that has a run further than {@link ONE_VALUE} from its median: if it has none, whatever is
 *   the densest value by runs is as near to it, and nothing lies around it
 */
export function readRuns(samples: usize, stride: usize, medians: usize, moving: usize, room: usize): i32 {
  median = v128.load_ext<u8>(medians);
  strange = sums = sizes = counted = i16x8.splat(0);
  memory.fill(room + runsRoom() * LANES, 0, 4 * LANES);
  for (let i = 0; i < count; i++) {
    const value = v128.load_ext<u8>(samples + <usize>i * stride);
    const broken = isFar(i16x8.mul(value, sizes));
    if (v128.any_true(broken)) endRuns(broken, v128.and(broken, i16x8.gt_s(counted, i16x8.splat(0))), room);
    sums = i16x8.add(sums, value);
    sizes = i16x8.add(sizes, i16x8.splat(1));
    counted = i16x8.add(counted, i16x8.splat(1 - <i16>load<u8>(moving + <usize>i)));
  }
  const all = i16x8.splat(-1);
  endRuns(all, all, room);
  return i16x8.bitmask(strange);
}

/** Where a run's mean is further than {@link ONE_VALUE} from what, times its size, is `expected`. */
function isFar(expected: v128): v128 {
  const off = i16x8.sub(i16x8.max_u(expected, sums), i16x8.min_u(expected, sums));
  const allowed = i16x8.mul(sizes, i16x8.splat(<i16>ONE_VALUE));
  return v128.not(i16x8.eq(i16x8.sub_sat_u(off, allowed), i16x8.splat(0)));
}

function endRuns(ended: v128, kept: v128, room: usize): void {
  const counts = i16x8.gt_s(counted, i16x8.splat(0));
  strange = v128.or(strange, v128.and(v128.and(ended, counts), isFar(i16x8.mul(median, sizes))));
  let pixels = i16x8.bitmask(kept);
  if (pixels != 0) writeRuns(pixels, room);
  sums = v128.andnot(sums, ended);
  sizes = v128.andnot(sizes, ended);
  counted = v128.andnot(counted, ended);
}

function writeRuns(pixels: i32, room: usize): void {
  const numbers = room + runsRoom() * LANES;
  const lanes = numbers + 4 * LANES;
  v128.store(lanes, sums);
  v128.store(lanes, sizes, 16);
  v128.store(lanes, counted, 32);
  for (; pixels != 0; pixels &= pixels - 1) {
    const pixel = <usize>ctz(pixels);
    const lane = lanes + (pixel << 1);
    const number = numbers + (pixel << 2);
    const run = load<i32>(number);
    writeRun(room + pixel * runsRoom(), run, load<u16>(lane), load<u16>(lane, 16), load<u16>(lane, 32));
    store<i32>(number, run + 1);
  }
}

/** As {@link readRuns}, for one pixel and as many samples as there may be. Returns the number of runs. */
export function readManyRuns(samples: usize, stride: usize, moving: usize, room: usize): i32 {
  let run = 0;
  let sum = 0;
  let size = 0;
  let counts = 0;
  for (let i = 0; i < count; i++) {
    const value = <i32>load<u8>(samples + <usize>i * stride);
    if (abs(value * size - sum) > ONE_VALUE * size) {
      if (counts > 0) writeRun(room, run++, sum, size, counts);
      sum = size = counts = 0;
    }
    sum += value;
    size++;
    counts += 1 - <i32>load<u8>(moving + <usize>i);
  }
  writeRun(room, run, sum, size, counts);
  return run + 1;
}
