import { count } from './picture';

/** Samples within this many grey values of each other count as one value. */
export const ONE_VALUE: i32 = 10;

/** However long it lasts, one unbroken run says little: what stands still looks like road. */
export const MOST_PER_RUN: i32 = 3;

/** A value that holds for this share of the clip in one go, and hardly otherwise, may be a vehicle that stood. */
const LONG_RUN: f64 = 0.3;
const MOST_OF_SUPPORT: f64 = 0.7;

/** How many runs there are. */
let found: i32 = 0;

/** Where their means (f32) and then their lengths (u32) lie. */
let means: usize = 0;
let lengths: usize = 0;

/** Bytes of room for the runs of one pixel. */
export function runsRoom(): usize {
  return (<usize>count) << 3;
}

/** Looks at the runs of another pixel: `length` of them in `room`, as {@link writeRun} has written them. */
export function openRuns(room: usize, length: i32): void {
  means = room;
  lengths = room + ((<usize>count) << 2);
  found = length;
}

/** Writes a run: the sum and number of its samples, and how many of them count. */
export function writeRun(room: usize, run: i32, sum: i32, samples: i32, counted: i32): void {
  store<f32>(room + ((<usize>run) << 2), <f32>sum / <f32>samples);
  store<i32>(room + ((<usize>(count + run)) << 2), counted);
}

/**
 * Whether it is certain, without looking at all pairs of runs, that {@link densest} is within {@link ONE_VALUE} of
 * `value`. Runs close to it (5) have votes of their own: so many at least has whatever is the densest.
 *
 * - Any 20 values lie within two neighbours of 32 each, so if no two such neighbours have as many votes, a run close to `value`
 *   is part of the densest.
 * - Then no other part of it is further away than 25. If those beyond 10 have few enough votes, the mean cannot be off by
 *   more than 10: with n, m and f votes of runs close, within 10 and beyond, (5 n + 10 m + 25 f) / (n + m + f) is at most 10
 *   when n is at least 3 f.
 */
export function surelyNear(value: i32, bins: usize): bool {
  v128.store(bins, i32x4.splat(0));
  let close = 0;
  let within = 0;
  let beyond = 0;
  for (let i = 0; i < found; i++) {
    const votes = min(MOST_PER_RUN, lengthOf(i));
    const off = Math.abs(meanOf(i) - <f64>value);
    if (off <= 5) {
      close += votes;
      continue;
    }
    if (off <= 10) within += votes;
    else if (off <= 25) beyond += votes;
    const bin = bins + (((<usize>meanOf(i)) >> 5) << 1);
    store<u16>(bin, load<u16>(bin) + <u16>votes);
  }
  return close > mostOfTwo(bins) && close >= within + 4 * beyond;
}

/** The largest sum of two neighbours of 8 u16. */
function mostOfTwo(bins: usize): i32 {
  let most = 0;
  for (let bin: usize = 0; bin < 14; bin += 2) {
    most = max(most, <i32>load<u16>(bins + bin) + <i32>load<u16>(bins + bin, 2));
  }
  return most;
}

function meanOf(run: i32): f64 {
  return <f64>load<f32>(means + ((<usize>run) << 2));
}

function lengthOf(run: i32): i32 {
  return load<i32>(lengths + ((<usize>run) << 2));
}

/**
 * The densest value when each run has at most {@link MOST_PER_RUN} votes. Among equals the one that was seen longer:
 * what only passed at the clip's start has one run like the road that was seen all the rest of the time.
 */
export function densest(): i32 {
  let best: f64 = 0;
  let mostVotes = -1;
  let longest = -1;
  for (let i = 0; i < found; i++) {
    const centre = meanOf(i);
    let votes = 0;
    let support = 0;
    let sum: f64 = 0;
    for (let j = 0; j < found; j++) {
      if (Math.abs(meanOf(j) - centre) > <f64>ONE_VALUE) continue;
      const vote = min(MOST_PER_RUN, lengthOf(j));
      votes += vote;
      sum += <f64>vote * meanOf(j);
      support += lengthOf(j);
    }
    if (votes < mostVotes || (votes == mostVotes && support <= longest)) continue;
    mostVotes = votes;
    longest = support;
    best = sum / <f64>votes;
  }
  return <i32>Math.floor(best + 0.5);
}

/**
 * The value seen before and after a long stay of `value`, if it is one: what stood there came and went again.
 * -1 when there is no such value.
 */
export function around(value: i32): i32 {
  let first = -1;
  let last = -1;
  let support = 0;
  let seen = 0;
  let between = 0;
  for (let i = 0; i < found; i++) {
    if (first >= 0) seen += lengthOf(i);
    if (Math.abs(meanOf(i) - <f64>value) > <f64>ONE_VALUE) continue;
    if (first < 0) {
      seen = lengthOf(i);
      first = i;
    }
    last = i;
    between = seen;
    support += lengthOf(i);
  }
  if (<f64>support < LONG_RUN * <f64>count || <f64>support < MOST_OF_SUPPORT * <f64>between) return -1;
  const before = longestRun(0, first);
  const after = longestRun(last + 1, found);
  if (before < 0 || after < 0 || Math.abs(meanOf(before) - meanOf(after)) > <f64>ONE_VALUE) return -1;
  return <i32>Math.floor((meanOf(before) + meanOf(after)) / 2 + 0.5);
}

/** The longest of some runs, or -1 when none has two samples. */
function longestRun(from: i32, until: i32): i32 {
  let longest = -1;
  for (let i = from; i < until; i++) {
    if (lengthOf(i) >= max(2, longest < 0 ? 0 : lengthOf(longest) + 1)) longest = i;
  }
  return longest;
}

/** Whether a value is known from one long run and hardly from anything else. */
export function restsOnOne(value: i32): bool {
  let longest = 0;
  let support = 0;
  for (let i = 0; i < found; i++) {
    if (Math.abs(meanOf(i) - <f64>value) > <f64>ONE_VALUE) continue;
    support += lengthOf(i);
    longest = max(longest, lengthOf(i));
  }
  return <f64>longest >= LONG_RUN * <f64>count && <f64>longest >= MOST_OF_SUPPORT * <f64>support;
}
