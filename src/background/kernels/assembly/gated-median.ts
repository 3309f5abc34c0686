import { gatherBlock, gatherPair, listAll, listQuiet, PAIR_STRIDE, sampleStride, scatterBlock } from './block-samples';
import { columns, count, height, rows, scratch, size, width } from './picture';
import { robustMeans } from './robust-mean';

/** With fewer quiet samples than this the gate cannot be trusted, and every sample counts. */
const FEWEST_QUIET: i32 = 3;

/**
 * Method A: for every pixel the median of the samples in quiet blocks, then the mean of the quiet samples close to it.
 * Works on the block rows `fromRow` to `untilRow` (exclusive) of all planes.
 *
 * @param gates of each pair of frames, a byte for every block
 * @param out a fine frame
 */
export function gatedMedian(gates: usize, out: usize, fromRow: i32, untilRow: i32): void {
  for (let row = fromRow; row < untilRow; row++) {
    const isWhole = size == 8 && (row + 1) * 8 <= height;
    const paired = isWhole ? (width >> 4) << 1 : 0;
    for (let column = 0; column < paired; column += 2) medianOfPair(gates, row * columns + column, out);
    for (let column = paired; column < columns; column++) medianOfBlock(gates, row * columns + column, out);
  }
}

/** Most neighbours are quiet in the same frames, and can be read together. */
function medianOfPair(gates: usize, block: i32, out: usize): void {
  const length = listSamples(gates, block, scratch);
  const samples = scratch + listRoom();
  const isAlike = listSamples(gates, block + 1, samples) == length;
  if (isAlike && memory.compare(scratch, samples, <usize>(2 * length)) == 0) {
    gatherPair(block, scratch, length, samples);
    scatterBlock(block, 16, means(samples, PAIR_STRIDE, length), out);
  } else {
    medianOfBlock(gates, block, out);
    medianOfBlock(gates, block + 1, out);
  }
}

function medianOfBlock(gates: usize, block: i32, out: usize): void {
  const samples = scratch + listRoom();
  const length = listSamples(gates, block, scratch);
  gatherBlock(block, scratch, length, samples);
  scatterBlock(block, size, means(samples, sampleStride(), length), out);
}

/** Lists the frames whose samples count. */
function listSamples(gates: usize, block: i32, list: usize): i32 {
  const length = listQuiet(gates, block, columns * rows, list);
  return length < FEWEST_QUIET ? listAll(list) : length;
}

function listRoom(): usize {
  return <usize>((2 * count + 63) & ~63);
}

/** Gives back where the fine means are: behind the samples, laid out as they are. */
function means(samples: usize, stride: usize, length: i32): usize {
  const fine = samples + <usize>length * stride;
  for (let at: usize = 0; at < stride; at += 16) robustMeans(samples + at, stride, length, fine + 2 * at);
  return fine;
}
