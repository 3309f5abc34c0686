import { FINE } from '../../src/background/fine.js';
import type { Picture } from '../../src/background/picture.js';
import { toRgb } from '../../src/background/to-rgb.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';

/** The plain temporal median of all frames as they came: what every other method has to beat. */
export function plainMedian(captured: CapturedFrames): Picture {
  const { frames, width, height } = captured;
  const out = new Uint16Array(frames[0]!.length);
  const samples = new Uint8Array(frames.length);
  for (let i = 0; i < out.length; i++) {
    frames.forEach((frame, j) => (samples[j] = frame[i]!));
    out[i] = FINE * medianOf(samples);
  }
  return toRgb(out, width, height, captured);
}

/** Between the two middle samples when their number is even. */
function medianOf(samples: Uint8Array): number {
  samples.sort();
  const half = samples.length >> 1;
  return samples.length % 2 === 1 ? samples[half]! : (samples[half - 1]! + samples[half]!) / 2;
}
