/**
 * Parts of a grey value in a fine frame: planar YUV 4:2:0 as captured, but 16 bits a sample. A background is a mean of
 * many samples; rounded to the 219 steps of limited-range luma it would lose what the mean has won.
 */
export const FINE = 256;

/** Fine samples as whole grey values. */
export function rounded(fine: Uint16Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(fine, (value) => Math.min(255, Math.round(value / FINE)));
}
