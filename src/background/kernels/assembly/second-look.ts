import { copyEights } from './block-samples';
import { columns, count, frameAt, height, rows, scratch, size, width } from './picture';
import { LANES, MOST_SAMPLES, readManyRuns, readRuns } from './read-runs';
import { around, densest, ONE_VALUE, openRuns, restsOnOne, runsRoom, surelyNear } from './runs';

/** A block that is quiet in fewer frames than this share lies in dense traffic. */
const DENSE_SHARE: f64 = 0.1;

/**
 * Looks again at the driven blocks of a row. What is written differs from the median only where the two disagree.
 *
 * @param road a byte for every block: whether traffic drove there
 * @param closed of each pair of frames, a byte for every block; `moved` likewise
 * @param median the luma by method A
 * @param values becomes the densest value by runs where it is not the median's
 * @param stood becomes 1 where the median rests on one long run and the value does not
 */
export function lookAgain(
  row: i32,
  road: usize,
  closed: usize,
  moved: usize,
  median: usize,
  values: usize,
  stood: usize,
): void {
  for (let block = row * columns; block < (row + 1) * columns; block++) {
    if (load<u8>(road + <usize>block) == 0 || !readGates(block, closed, moved)) continue;
    lookAtBlock(block, median, values, stood);
  }
}

/** Notes when a block moved. In traffic so dense that this is nearly always, what is only enclosed counts as quiet. */
function readGates(block: i32, closed: usize, moved: usize): bool {
  let quiet = copyGates(block, closed);
  if (<f64>quiet < DENSE_SHARE * <f64>count) quiet = copyGates(block, moved);
  return quiet > 0;
}

function copyGates(block: i32, gates: usize): i32 {
  const blocks = <usize>(columns * rows);
  let gate = gates + <usize>block;
  let quiet = 0;
  for (let i: usize = 0; i < <usize>count; i += 2) {
    const moves = load<u8>(gate);
    store<u8>(scratch + i, moves);
    store<u8>(scratch + i, moves, 1);
    quiet += 2 - 2 * <i32>moves;
    gate += blocks;
  }
  return quiet;
}

/** Line by line; what a narrow block reads beside itself is left out by the mask. */
function lookAtBlock(block: i32, median: usize, values: usize, stood: usize): void {
  const samples = scratch + <usize>((count + 15) & ~15);
  const left = (block % columns) * size;
  const top = (block / columns) * size;
  const inside = (1 << min(size, width - left)) - 1;
  const lines = min(size, height - top);
  const stride = <usize>(lines << 3);
  for (let i = 0; i < count; i++) {
    copyEights(frameAt(i) + <usize>(top * width + left), width, lines, samples + <usize>i * stride);
  }
  for (let y = 0; y < lines; y++) {
    lookAtLine(samples + <usize>(y << 3), stride, (top + y) * width + left, inside, median, values, stood);
  }
}

function lookAtLine(
  samples: usize,
  stride: usize,
  first: i32,
  inside: i32,
  median: usize,
  values: usize,
  stood: usize,
): void {
  const room = scratch + <usize>(((count + 15) & ~15) + 64 * count);
  const numbers = room + runsRoom() * LANES;
  let pixels = inside;
  const isMuch = count > MOST_SAMPLES;
  if (!isMuch) pixels &= readRuns(samples, stride, median + <usize>first, scratch, room);
  for (; pixels != 0; pixels &= pixels - 1) {
    const x = <usize>ctz(pixels);
    const runs = room + x * runsRoom();
    if (isMuch) store<i32>(numbers + (x << 2), readManyRuns(samples + x, stride, scratch, runs));
    openRuns(runs, load<i32>(numbers + (x << 2)));
    lookAtPixel(<usize>first + x, numbers + 4 * LANES, median, values, stood);
  }
}

function lookAtPixel(pixel: usize, bins: usize, median: usize, values: usize, stood: usize): void {
  const usual = <i32>load<u8>(median + pixel);
  const before = around(usual);
  if (before < 0 && surelyNear(usual, bins)) return;
  const value = before >= 0 ? before : densest();
  if (abs(value - usual) <= ONE_VALUE) return;
  store<u8>(values + pixel, <u8>value);
  store<u8>(stood + pixel, <u8>(before >= 0 || (restsOnOne(usual) && !restsOnOne(value))));
}
