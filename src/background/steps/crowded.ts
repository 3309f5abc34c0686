import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import type { Mask } from '../../picture/mask.js';
import type { QuietBlocks } from './motion.js';

/** A block that is quiet in fewer frames than this share is crowded: vehicles show as often as the road between them. */
const CROWDED_SHARE = 0.2;

/** How far the road's brightness may lie from that of the road beside it: grey values. */
const BRIGHTNESS_SPREAD = 25;

/** What a value far from it still counts: there is paint, and there are cracks. */
const UNLIKELY = 0.1;

/** Block rows above and below that tell a row's brightness. */
const ROWS_BESIDE = 4;

/** The blocks that are crowded. */
export function crowdedBlocks(gates: QuietBlocks): Mask {
  const { width, height } = gates.pairs[0]!.closed;
  const data = new Uint8Array(width * height);
  for (let block = 0; block < data.length; block++) data[block] = isCrowded(gates.quiet[block]!, gates) ? 1 : 0;
  return { width, height, data };
}

function isCrowded(quiet: number, { pairs }: QuietBlocks): boolean {
  return quiet < CROWDED_SHARE * pairs.length;
}

/**
 * The usual luma of the driven road in each row of blocks, where the road was seen well enough to know; else NaN.
 * @param median the luma by method A
 */
export function roadBrightness(median: Uint8Array, clip: Clip, gates: QuietBlocks): Float32Array {
  const { columns, rows } = clip.blocks;
  const isSeen = (count: number) => !isCrowded(count, gates) && count < gates.pairs.length;
  const histograms = Array.from({ length: rows }, (_, row) => {
    const histogram = new Uint32Array(256);
    for (let block = row * columns; block < (row + 1) * columns; block++) {
      if (isSeen(gates.quiet[block]!)) countValues(median, clip, block, histogram);
    }
    return histogram;
  });
  return Float32Array.from(histograms, (_, row) => {
    return medianOf(histograms.slice(Math.max(0, row - ROWS_BESIDE), row + ROWS_BESIDE + 1));
  });
}

function countValues(luma: Uint8Array, { width, height, blocks }: Clip, block: number, histogram: Uint32Array): void {
  const left = (block % blocks.columns) * blocks.size;
  const top = Math.floor(block / blocks.columns) * blocks.size;
  for (let y = top; y < Math.min(height, top + blocks.size); y++) {
    for (let x = left; x < Math.min(width, left + blocks.size); x++) histogram[luma[y * width + x]!]!++;
  }
}

function medianOf(histograms: readonly Uint32Array[]): number {
  const counts = new Uint32Array(256);
  for (const histogram of histograms) histogram.forEach((count, value) => (counts[value]! += count));
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let below = 0;
  return half === 0 ? NaN : counts.findIndex((count) => (below += count) >= half);
}

/**
 * How much each grey value counts in a row of blocks whose road usually has the value `usual`: 256 float64 at `out`.
 */
export function writeWeights({ memory }: Clip, usual: number, out: Pointer): void {
  const weights = new Float64Array(memory.memory.buffer, out, 256);
  for (let value = 0; value < 256; value++) {
    weights[value] = UNLIKELY + Math.exp(-(((value - usual) / BRIGHTNESS_SPREAD) ** 2));
  }
}
