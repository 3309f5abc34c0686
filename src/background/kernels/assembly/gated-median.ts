import { gatherBlock, listAll, listQuiet, sampleStride, scatterBlock } from './block-samples';
import { columns, count, rows, scratch } from './picture';
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
  for (let block = fromRow * columns; block < untilRow * columns; block++) medianOfBlock(gates, block, out);
}

function medianOfBlock(gates: usize, block: i32, out: usize): void {
  const list = scratch;
  const samples = scratch + <usize>((2 * count + 63) & ~63);
  const stride = sampleStride();
  let length = listQuiet(gates, block, columns * rows, list);
  if (length < FEWEST_QUIET) length = listAll(list);
  gatherBlock(block, list, length, samples);
  const fine = samples + <usize>length * stride;
  for (let at: usize = 0; at < stride; at += 16) robustMeans(samples + at, stride, length, fine + 2 * at);
  scatterBlock(block, fine, out);
}
