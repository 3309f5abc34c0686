import { FINE } from '../../../src/background/fixed-point.js';
import { robustMean } from './gated-median.js';
import type { Mask } from '../../../src/picture/mask.js';
import type { QuietPair } from '../../../src/background/steps/motion.js';
import { forPixels, type Plane } from '../../../src/picture/plane.js';

/** A block that is quiet in fewer frames than this share is crowded: vehicles show as often as the road between them. */
const CROWDED_SHARE = 0.2;

/** Samples within this many grey values of each other count as one value. */
const SAME_VALUE = 8;

/** How far the road's brightness may lie from that of the road beside it: grey values. */
const BRIGHTNESS_SPREAD = 25;

/** What a value far from it still counts: there is paint, and there are cracks. */
const UNLIKELY = 0.1;

/** Block rows above and below that tell a row's brightness. */
const ROWS_BESIDE = 4;

/** The blocks that are crowded. */
export function crowdedBlocks(gates: readonly QuietPair[]): Mask {
  const { width, height } = gates[0]!.closed;
  const quiet = quietCounts(gates);
  const data = Uint8Array.from(quiet, (count) => (count < CROWDED_SHARE * gates.length ? 1 : 0));
  return { width, height, data };
}

/**
 * The usual luma of the driven road in each row of blocks, where the road was seen well enough to know; else NaN.
 * @param median the luma by method A
 */
export function roadBrightness(median: Uint8Array, gates: readonly QuietPair[], luma: Plane): Float32Array {
  const { width, height } = gates[0]!.closed;
  const quiet = quietCounts(gates);
  const isSeen = (block: number) => quiet[block]! >= CROWDED_SHARE * gates.length && quiet[block]! < gates.length;
  const rows = Array.from({ length: height }, (_, row) => {
    const histogram = new Uint32Array(256);
    for (let block = row * width; block < (row + 1) * width; block++) {
      if (isSeen(block)) forPixels(luma, width, block, (pixel) => histogram[median[pixel]!]!++);
    }
    return histogram;
  });
  return Float32Array.from(rows, (_, row) => {
    return medianOf(rows.slice(Math.max(0, row - ROWS_BESIDE), row + ROWS_BESIDE + 1));
  });
}

function quietCounts(gates: readonly QuietPair[]): Uint16Array {
  const counts = new Uint16Array(gates[0]!.closed.data.length);
  for (const { closed } of gates) closed.data.forEach((moves, block) => (counts[block]! += 1 - moves));
  return counts;
}

function medianOf(histograms: readonly Uint32Array[]): number {
  const counts = new Uint32Array(256);
  for (const histogram of histograms) histogram.forEach((count, value) => (counts[value]! += count));
  const half = counts.reduce((sum, count) => sum + count, 0) / 2;
  let below = 0;
  return half === 0 ? NaN : counts.findIndex((count) => (below += count) >= half);
}

/**
 * In crowded blocks the median is a mixture of vehicles and their shadows. There the value is taken that comes most
 * often while a block itself does not move, weighed by how well it fits the brightness of the road beside it.
 * Works on the block rows `fromRow` to `untilRow` (exclusive) and writes luma and colour into `out`, a fine frame.
 */
export function fillCrowded(
  frames: readonly Uint8Array[],
  gates: readonly QuietPair[],
  crowded: Mask,
  brightness: Float32Array,
  [luma, ...chroma]: readonly [Plane, Plane, Plane],
  out: Uint16Array,
  fromRow: number,
  untilRow: number,
): void {
  const histogram = new Uint16Array(256);
  const samples = new Uint8Array(frames.length);
  const mean = robustMean();
  for (let block = fromRow * crowded.width; block < untilRow * crowded.width; block++) {
    const usual = brightness[Math.floor(block / crowded.width)]!;
    if (crowded.data[block] === 0 || Number.isNaN(usual)) continue;
    const still = frames.filter((_, i) => gates[i]!.moved.data[block] === 0);
    if (still.length === 0) continue;
    forPixels(luma, crowded.width, block, (pixel) => {
      const value = likeliest(still, pixel, usual, histogram);
      out[pixel] = Math.round(FINE * value);
      const [x, y] = [pixel % luma.width, Math.floor(pixel / luma.width)];
      if (x % 2 === 1 || y % 2 === 1) return;
      const showing = still.filter((frame) => Math.abs(frame[pixel]! - value) <= SAME_VALUE);
      for (const { offset, width } of chroma) {
        const at = offset + (y >> 1) * width + (x >> 1);
        showing.forEach((frame, i) => (samples[i] = frame[at]!));
        out[at] = mean(samples, 0, showing.length);
      }
    });
  }
}

function likeliest(frames: readonly Uint8Array[], pixel: number, usual: number, histogram: Uint16Array): number {
  for (const frame of frames) histogram[frame[pixel]!]!++;
  let best = -1;
  let value = 0;
  for (const frame of frames) {
    const centre = frame[pixel]!;
    let [count, sum] = [0, 0];
    for (let near = Math.max(0, centre - SAME_VALUE); near <= Math.min(255, centre + SAME_VALUE); near++) {
      count += histogram[near]!;
      sum += histogram[near]! * near;
    }
    const weight = count * (UNLIKELY + Math.exp(-(((centre - usual) / BRIGHTNESS_SPREAD) ** 2)));
    if (weight <= best) continue;
    best = weight;
    value = sum / count;
  }
  for (const frame of frames) histogram[frame[pixel]!] = 0;
  return value;
}
