import { count } from './picture';

/** Samples within this many grey values of each other count as one value. */
export const ONE_VALUE: i32 = 10;

/** However long it lasts, one unbroken run says little: what stands still looks like road. */
export const MOST_PER_RUN: i32 = 3;

/** A value that holds for this share of the clip in one go, and hardly otherwise, may be a vehicle that stood. */
const LONG_RUN: f64 = 0.3;
const MOST_OF_SUPPORT: f64 = 0.7;

/** How many runs {@link readRuns} found. */
let found: i32 = 0;

/** Where their means (f32) and then their lengths (i32) lie. */
let means: usize = 0;
let lengths: usize = 0;

/**
 * Reads the unbroken runs of one value in a pixel's samples, in the order of time. A run goes on through frames whose
 * sample does not count as long as the value stays, for then it was a neighbour that moved.
 *
 * @param samples one of each frame, `stride` bytes apart
 * @param moving 1 for the frames whose sample does not count, a byte each
 * @param room of 8 bytes for each frame
 */
export function readRuns(samples: usize, stride: usize, moving: usize, room: usize): void {
  means = room;
  lengths = room + ((<usize>count) << 2);
  let run = -1;
  let sum = 0;
  let length = 0;
  for (let i = 0; i < count; i++) {
    const value = <i32>load<u8>(samples + <usize>i * stride);
    if (length == 0 || abs(value * length - sum) > ONE_VALUE * length) {
      sum = 0;
      length = 0;
      if (run < 0 || lengthOf(run) > 0) run++;
      store<i32>(lengths + ((<usize>run) << 2), 0);
    }
    sum += value;
    length++;
    store<f32>(means + ((<usize>run) << 2), <f32>sum / <f32>length);
    store<i32>(lengths + ((<usize>run) << 2), lengthOf(run) + 1 - <i32>load<u8>(moving + <usize>i));
  }
  found = run + 1;
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
