import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import type { Picture } from '../../picture/picture.js';

/** How the numbers of a YUV frame are to be read. */
export interface YuvFormat {
  colorMatrix: 'bt601' | 'bt709';
  /** True for 0..255, false for 16..235 (chroma 16..240). */
  fullRange: boolean;
}

/** Kr and Kb of ITU-R BT.601 and BT.709. */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;

/** Kernels write in steps of so many bytes. */
const VECTOR_BYTES = 16;

/** Turns a fine YUV 4:2:0 frame into RGB; chroma is interpolated between its samples. */
export function toRgb({ kernels, memory, width, height }: Clip, fine: Pointer, format: YuvFormat): Picture {
  const bytes = width * height * 3;
  const out = memory.take(bytes + VECTOR_BYTES);
  const { base, gain, redByV, greenByU, greenByV, blueByU } = coefficientsOf(format);
  kernels.toRgb(fine, out, base, gain, redByV, greenByU, greenByV, blueByU);
  // A copy, since the picture leaves the thread and the memory stays.
  return { width, height, rgb: memory.bytes(out, bytes).slice() };
}

function coefficientsOf({ colorMatrix, fullRange }: YuvFormat) {
  const [kr, kb] = WEIGHTS[colorMatrix];
  const kg = 1 - kr - kb;
  const base = fullRange ? 0 : 16;
  const gain = fullRange ? 1 : 255 / 219;
  const chroma = fullRange ? 1 : 255 / 224;
  const [redByV, blueByU] = [2 * (1 - kr) * chroma, 2 * (1 - kb) * chroma];
  return { base, gain, redByV, greenByU: (blueByU * kb) / kg, greenByV: (redByV * kr) / kg, blueByU };
}
