import type { Clip } from './kernels/clip.js';
import type { Pointer } from './kernels/kernels.js';

/**
 * Parts of a grey value in a fine frame: planar YUV 4:2:0 as captured, but 16 bits a sample. A background is a mean of
 * many samples; rounded to the 219 steps of limited-range luma it would lose what the mean has won.
 */
export const FINE = 256;

/** Kernels write in steps of so many bytes. */
const VECTOR_BYTES = 16;

/** Where the luma of a fine frame lies in whole grey values. */
export function roundedLuma({ memory, kernels, width, height }: Clip, fine: Pointer): Pointer {
  const luma = memory.take(width * height + VECTOR_BYTES);
  kernels.roundFine(fine, width * height, luma);
  return luma;
}
