import { FINE } from '../../../src/background/fixed-point.js';
import type { QuietPair } from '../../../src/background/steps/motion.js';
import type { Plane } from '../../../src/picture/plane.js';

/** Samples further than this from the median are not the background: grey values. */
const SAME_VALUE = 8;

/** With fewer quiet samples than this the gate cannot be trusted, and every sample counts. */
const FEWEST_QUIET = 3;

/**
 * Method A: for every pixel the median of the samples in quiet blocks, then the mean of the quiet samples close to it.
 * Works on the block rows `fromRow` to `untilRow` (exclusive) of one plane and writes them into `out`, a fine frame.
 *
 * @param frames all of one size
 * @param gates of each frame
 */
export function gatedMedian(
  frames: readonly Uint8Array[],
  gates: readonly QuietPair[],
  plane: Plane,
  out: Uint16Array,
  fromRow: number,
  untilRow: number,
): void {
  const columns = gates[0]!.closed.width;
  const size = plane.blockSize;
  const samples = new Uint8Array(size * frames.length);
  const median = robustMean();
  for (let row = fromRow; row < untilRow; row++) {
    const bottom = Math.min(plane.height, (row + 1) * size);
    for (let column = 0; column < columns; column++) {
      const quiet = quietFrames(frames, gates, row * columns + column);
      const left = column * size;
      const width = Math.min(size, plane.width - left);
      for (let y = row * size; y < bottom; y++) {
        const start = plane.offset + y * plane.width + left;
        gather(quiet, start, width, samples);
        for (let x = 0; x < width; x++) out[start + x] = median(samples, x * quiet.length, quiet.length);
      }
    }
  }
}

/** The frames in which a block is quiet, or all of them when it hardly ever is. */
export function quietFrames(
  frames: readonly Uint8Array[],
  gates: readonly QuietPair[],
  block: number,
): readonly Uint8Array[] {
  const quiet = frames.filter((_, index) => gates[index]!.closed.data[block] === 0);
  return quiet.length < FEWEST_QUIET ? frames : quiet;
}

/** Lays the samples of each of `width` neighbouring pixels side by side: frames lie far apart, which caches resent. */
function gather(frames: readonly Uint8Array[], start: number, width: number, samples: Uint8Array): void {
  const count = frames.length;
  for (let j = 0; j < count; j++) {
    const frame = frames[j]!;
    for (let x = 0, to = j; x < width; x++, to += count) samples[to] = frame[start + x]!;
  }
}

/**
 * Makes a function for the mean, in {@link FINE} parts of a grey value, of the samples within {@link SAME_VALUE} of their median. It keeps a histogram and the
 * last median between calls, since neighbouring pixels are alike (Huang's running median).
 */
export function robustMean(): (samples: Uint8Array, from: number, count: number) => number {
  const histogram = new Uint16Array(256);
  let median = 128;
  return (samples, from, count) => {
    let below = 0;
    for (let i = from; i < from + count; i++) {
      const value = samples[i]!;
      histogram[value]!++;
      if (value < median) below++;
    }
    const half = count >> 1;
    while (below > half) below -= histogram[--median]!;
    while (below + histogram[median]! <= half) below += histogram[median++]!;
    let sum = 0;
    let near = 0;
    const last = Math.min(255, median + SAME_VALUE);
    for (let value = Math.max(0, median - SAME_VALUE); value <= last; value++) {
      near += histogram[value]!;
      sum += histogram[value]! * value;
    }
    for (let i = from; i < from + count; i++) histogram[samples[i]!] = 0;
    return Math.round((FINE * sum) / near);
  };
}
