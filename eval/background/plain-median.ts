import { FINE } from '../../src/background/fixed-point.js';
import { Clip } from '../../src/background/kernels/clip.js';
import { FrameMemory } from '../../src/background/kernels/frame-memory.js';
import type { Picture } from '../../src/picture/picture.js';
import { toRgb } from '../../src/background/steps/to-rgb.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';

/** The plain temporal median of all frames as they came: what every other method has to beat. */
export function plainMedian(captured: Omit<CapturedFrames, 'groups' | 'look'>): Picture {
  const { memory, frames } = FrameMemory.holding(captured.frames);
  const fine = memory.take(2 * frames[0]!.length);
  const out = new Uint16Array(memory.memory.buffer, fine, frames[0]!.length);
  const samples = new Uint8Array(frames.length);
  for (let i = 0; i < out.length; i++) {
    frames.forEach((frame, j) => (samples[j] = frame[i]!));
    out[i] = FINE * medianOf(samples);
  }
  return toRgb(new Clip(memory, frames, captured.width, captured.height), fine, captured);
}

/** Between the two middle samples when their number is even. */
function medianOf(samples: Uint8Array): number {
  samples.sort();
  const half = samples.length >> 1;
  return samples.length % 2 === 1 ? samples[half]! : (samples[half - 1]! + samples[half]!) / 2;
}
