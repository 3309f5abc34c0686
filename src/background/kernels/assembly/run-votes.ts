import { count } from './picture';
import { MOST_PER_RUN, ONE_VALUE } from './runs';

/** More samples than this do not fit the arithmetic of 16 bits. */
const MOST_SAMPLES: i32 = 256;

/** A run within half of {@link ONE_VALUE} of the median votes for it. */
const SURE_VALUE: i32 = 5;

let median: v128 = i16x8.splat(0);
/** Of the run that is going on: the sum and number of its samples, and how many of them count. */
let sums: v128 = i16x8.splat(0);
let sizes: v128 = i16x8.splat(0);
let counted: v128 = i16x8.splat(0);
/** Votes of the runs whose mean is close to the median, and of all others. */
let votesFor: v128 = i16x8.splat(0);
let votesAgainst: v128 = i16x8.splat(0);
/** All ones where: a run is no sample of the median's value; the first and the last run are; there was a run. */
let strange: v128 = i16x8.splat(0);
let firstFits: v128 = i16x8.splat(0);
let lastFits: v128 = i16x8.splat(0);
let begun: v128 = i16x8.splat(0);

/**
 * Which of 8 pixels need a look at their runs one by one: a bit each. Of the others it is certain that the densest value
 * by runs is within {@link ONE_VALUE} of the median, and that nothing lies around it:
 *
 * - every run fits the median, or
 * - the first or the last one does (so that nothing can lie around), and the votes of runs close to the median are at least
 *   four times all others. The densest value is a mean of at least as many votes as there are close to the median. At most a
 *   quarter of them is not close, and none of those is further away than 25: by more than 5 + 20 / 4 it cannot be off.
 *
 * @param samples of 8 pixels side by side, of each frame, `stride` bytes apart
 * @param medians of these pixels, a byte each
 * @param moving 1 for the frames whose sample does not count, a byte each
 */
export function doubtfulPixels(samples: usize, stride: usize, medians: usize, moving: usize): i32 {
  if (count > MOST_SAMPLES) return 0xff;
  median = v128.load_ext<u8>(medians);
  votesFor = votesAgainst = strange = firstFits = lastFits = begun = i16x8.splat(0);
  sums = sizes = counted = i16x8.splat(0);
  for (let i = 0; i < count; i++) {
    const value = v128.load_ext<u8>(samples + <usize>i * stride);
    const broken = isFar(i16x8.mul(value, sizes), ONE_VALUE);
    if (v128.any_true(broken)) endRuns(broken);
    sums = i16x8.add(sums, value);
    sizes = i16x8.add(sizes, i16x8.splat(1));
    counted = i16x8.add(counted, i16x8.splat(1 - <i16>load<u8>(moving + <usize>i)));
  }
  endRuns(i16x8.splat(-1));
  const outvoted = i16x8.gt_s(i16x8.shl(votesAgainst, 2), votesFor);
  const enclosed = v128.not(v128.or(firstFits, lastFits));
  return i16x8.bitmask(v128.and(strange, v128.or(outvoted, enclosed)));
}

/** Where a run's mean is further than `distance` from what, times its size, is `expected`. */
function isFar(expected: v128, distance: i32): v128 {
  const off = i16x8.sub(i16x8.max_u(expected, sums), i16x8.min_u(expected, sums));
  const allowed = i16x8.mul(sizes, i16x8.splat(<i16>distance));
  return v128.not(i16x8.eq(i16x8.sub_sat_u(off, allowed), i16x8.splat(0)));
}

function endRuns(ended: v128): void {
  const counts = v128.and(ended, i16x8.gt_s(counted, i16x8.splat(0)));
  const expected = i16x8.mul(median, sizes);
  const isStrange = isFar(expected, ONE_VALUE);
  const isUnsure = isFar(expected, SURE_VALUE);
  const votes = v128.and(counts, i16x8.min_s(counted, i16x8.splat(<i16>MOST_PER_RUN)));
  votesFor = i16x8.add(votesFor, v128.andnot(votes, isUnsure));
  votesAgainst = i16x8.add(votesAgainst, v128.and(votes, isUnsure));
  strange = v128.or(strange, v128.and(counts, isStrange));
  lastFits = v128.bitselect(v128.not(isStrange), lastFits, counts);
  firstFits = v128.bitselect(firstFits, v128.andnot(counts, isStrange), begun);
  begun = v128.or(begun, counts);
  sums = v128.andnot(sums, ended);
  sizes = v128.andnot(sizes, ended);
  counted = v128.andnot(counted, ended);
}
