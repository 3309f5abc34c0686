import { crowdedBlocks, roadBrightness, writeWeights } from './crowded.js';
import { roundedLuma } from '../fixed-point.js';
import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import type { QuietBlocks } from './motion.js';
import { inStripes } from '../stripes.js';

/**
 * Method A: for every pixel the median of the samples in quiet blocks, then the mean of the quiet samples close to it;
 * in blocks that are hardly ever quiet the likeliest value. Gives back a fine frame.
 * @throws the signal's reason when it aborts
 */
export async function gatedMedian(clip: Clip, gates: QuietBlocks, signal: AbortSignal): Promise<Pointer> {
  const { kernels, memory, width, height, blocks } = clip;
  const out = memory.take(width * height * 3);
  await inStripes(blocks.rows, signal, (from, until) => kernels.gatedMedian(gates.closed, out, from, until));
  const crowded = crowdedBlocks(gates);
  if (!crowded.data.includes(1)) return out;
  const luma = memory.bytes(roundedLuma(clip, out), width * height);
  await fillCrowded(clip, gates, crowded.data, roadBrightness(luma, clip, gates), out, signal);
  return out;
}

async function fillCrowded(
  clip: Clip,
  gates: QuietBlocks,
  crowded: Uint8Array,
  brightness: Float32Array,
  out: Pointer,
  signal: AbortSignal,
): Promise<void> {
  const { memory, kernels, blocks } = clip;
  const [mask, weights] = [memory.take(crowded.length), memory.take(256 * Float64Array.BYTES_PER_ELEMENT)];
  memory.bytes(mask, crowded.length).set(crowded);
  await inStripes(blocks.rows, signal, (from, until) => {
    for (let row = from; row < until; row++) {
      if (Number.isNaN(brightness[row])) continue;
      writeWeights(clip, brightness[row]!, weights);
      kernels.fillCrowded(row, mask, gates.moved, weights, out);
    }
  });
}
