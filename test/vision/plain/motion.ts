import { blocksOf, type Blocks } from '../../../src/picture/blocks.js';
import type { QuietPair } from '../../../src/background/steps/motion.js';
import { close, emptyMask, fillHoles } from '../../../src/picture/mask.js';

/** No camera noise moves a block by more than this mean difference, in grey values. */
const QUIET_DIFFERENCE = 1.5;

/** How far above the usual a difference must be to count as motion, in median absolute deviations. */
const DEVIATIONS = 6;

/** Windows and roofs of one colour do not seem to move: gaps of up to twice as many blocks are closed. */
const CLOSING = 2;

/** Which blocks moved between two neighbouring frames, by their luma. */
export function gateOf(before: Uint8Array, after: Uint8Array, width: number, height: number): QuietPair {
  const blocks = blocksOf(width, height);
  const differences = blockDifferences(before, after, width, height, blocks);
  const threshold = motionThreshold(differences);
  const moved = emptyMask(blocks.columns, blocks.rows);
  differences.forEach((difference, block) => (moved.data[block] = difference > threshold ? 1 : 0));
  return { moved, closed: fillHoles(close(moved, CLOSING)) };
}

/** The mean absolute difference of each block, in grey values. */
export function blockDifferences(
  before: Uint8Array,
  after: Uint8Array,
  width: number,
  height: number,
  { size, columns, rows }: Blocks,
): Float32Array {
  const sums = new Float32Array(columns * rows);
  const shift = Math.log2(size);
  for (let y = 0; y < height; y++) {
    const row = (y >> shift) * columns;
    for (let x = 0, i = y * width; x < width; x++, i++) sums[row + (x >> shift)]! += Math.abs(before[i]! - after[i]!);
  }
  for (let block = 0; block < sums.length; block++) {
    const w = Math.min(size, width - (block % columns) * size);
    const h = Math.min(size, height - Math.floor(block / columns) * size);
    sums[block]! /= w * h;
  }
  return sums;
}

function motionThreshold(differences: Float32Array): number {
  const median = medianOf(differences);
  const deviation = medianOf(differences.map((difference) => Math.abs(difference - median)));
  return Math.max(QUIET_DIFFERENCE, median + DEVIATIONS * deviation);
}

function medianOf(values: Float32Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}
