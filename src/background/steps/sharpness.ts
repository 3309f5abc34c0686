import type { BackgroundQuality } from '../background.js';
import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import { lightOf } from '../quality.js';

/**
 * How a luma plane looks by itself. Sharpness is the standard deviation of its Laplacian (Pech-Pacheco et al., ICPR 2000).
 */
export function looksOf(
  { memory, kernels }: Clip,
  luma: Pointer,
): Pick<BackgroundQuality, 'sharpness' | 'meanLuma' | 'light'> {
  const at = memory.take(3 * Float64Array.BYTES_PER_ELEMENT);
  kernels.measureLuma(luma, at);
  const [meanLuma, mean, square] = new Float64Array(memory.memory.buffer, at, 3) as unknown as [number, number, number];
  return { sharpness: Math.sqrt(Math.max(0, square - mean ** 2)), meanLuma, light: lightOf(meanLuma) };
}
