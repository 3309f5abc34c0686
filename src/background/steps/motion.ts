import { yieldToAborts } from '../../threads/yield-to-aborts.js';
import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import type { Mask } from '../../picture/mask.js';

/** No camera noise moves a block by more than this mean difference, in grey values. */
const QUIET_DIFFERENCE = 1.5;

/** How far above the usual a difference must be to count as motion, in median absolute deviations. */
const DEVIATIONS = 6;

/** What moved between two neighbouring frames, in blocks: views of the kernels' memory. */
export interface QuietPair {
  /** Blocks that moved themselves. */
  moved: Mask;
  /** Those, the gaps between them and what they enclose: whole vehicles, but in dense traffic the road between them too. */
  closed: Mask;
}

/** The gates of a clip's pairs of frames, and where the kernels find them: one after the other. */
export interface QuietBlocks {
  pairs: QuietPair[];
  moved: Pointer;
  closed: Pointer;
  /** In how many pairs each block is quiet, by `closed`. */
  quiet: Uint16Array;
}

/** Which blocks moved in each pair of frames, by their luma. @throws the signal's reason when it aborts */
export async function quietBlocksOf(clip: Clip, signal: AbortSignal): Promise<QuietBlocks> {
  const { memory, frames, kernels } = clip;
  const { columns: width, rows: height } = clip.blocks;
  const blocks = width * height;
  const pairs = frames.length >> 1;
  const [moved, closed, work] = [memory.take(pairs * blocks), memory.take(pairs * blocks), memory.take(8 * blocks)];
  for (let pair = 0; pair < pairs; pair++) {
    await yieldToAborts(signal);
    findMotion(clip, pair, work, moved + pair * blocks);
    kernels.closeMotion(moved + pair * blocks, closed + pair * blocks);
  }
  const mask = (gates: Pointer, pair: number) => ({ width, height, data: memory.bytes(gates + pair * blocks, blocks) });
  const quiet = memory.take(Uint16Array.BYTES_PER_ELEMENT * blocks);
  kernels.countQuiet(closed, pairs, quiet);
  return {
    pairs: Array.from({ length: pairs }, (_, pair) => ({ moved: mask(moved, pair), closed: mask(closed, pair) })),
    moved,
    closed,
    quiet: new Uint16Array(memory.memory.buffer, quiet, blocks),
  };
}

function findMotion({ kernels, memory, frames, blocks }: Clip, pair: number, work: Pointer, out: Pointer): void {
  const count = blocks.columns * blocks.rows;
  const [before, after] = [frames[2 * pair]!, frames[2 * pair + 1]!];
  kernels.blockDifferences(memory.pointerTo(before), memory.pointerTo(after), work);
  const median = kernels.middleOf(work, count);
  kernels.deviations(work, count, median, work + 4 * count);
  const deviation = kernels.middleOf(work + 4 * count, count);
  kernels.blocksAbove(work, Math.max(QUIET_DIFFERENCE, median + DEVIATIONS * deviation), out);
}

/** Where anything moved at any time. */
export function drivenRoadOf({ pairs, quiet }: QuietBlocks): Mask {
  const { width, height } = pairs[0]!.closed;
  const data = new Uint8Array(quiet.length);
  for (let block = 0; block < data.length; block++) data[block] = quiet[block]! < pairs.length ? 1 : 0;
  return { width, height, data };
}
