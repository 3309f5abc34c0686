import type { Mask } from '../../../src/picture/mask.js';
import type { QuietPair } from '../../../src/background/steps/motion.js';
import { forPixels, type Plane } from '../../../src/picture/plane.js';
import type { SecondLook } from '../../../src/background/steps/second-look.js';
import { ONE_VALUE, Runs } from './runs.js';

/** A block that is quiet in fewer frames than this share lies in dense traffic. */
const DENSE_SHARE = 0.1;

/** Starts from the median's luma. */
export function secondLook(median: Uint8Array, luma: Plane): SecondLook {
  const size = luma.width * luma.height;
  return { value: median.slice(0, size), stood: new Uint8Array(size) };
}

/**
 * Method E, first half: looks again at the block rows `fromRow` to `untilRow` (exclusive) of the driven road.
 * @param median the luma by method A
 */
export function lookAgain(
  look: SecondLook,
  frames: readonly Uint8Array[],
  gates: readonly QuietPair[],
  median: Uint8Array,
  road: Mask,
  luma: Plane,
  fromRow: number,
  untilRow: number,
): void {
  const runs = new Runs(frames.length);
  const moving = new Uint8Array(frames.length);
  const samples = new Uint8Array(frames.length);
  for (let block = fromRow * road.width; block < untilRow * road.width; block++) {
    if (road.data[block] === 0) continue;
    if (!readGates(gates, block, moving)) continue;
    forPixels(luma, road.width, block, (pixel) => {
      for (let i = 0; i < samples.length; i++) samples[i] = frames[i]![pixel]!;
      runs.read(samples, moving);
      const around = runs.around(median[pixel]!);
      const value = around ?? runs.densest();
      if (Math.abs(value - median[pixel]!) <= ONE_VALUE) return;
      look.value[pixel] = value;
      look.stood[pixel] = around !== null || (runs.restOnOne(median[pixel]!) && !runs.restOnOne(value)) ? 1 : 0;
    });
  }
}

/** Notes when a block moved. In traffic so dense that this is nearly always, what is only enclosed counts as quiet. */
function readGates(gates: readonly QuietPair[], block: number, moving: Uint8Array): boolean {
  gates.forEach(({ closed }, time) => (moving[time] = closed.data[block]!));
  const quiet = moving.reduce((count, moves) => count + 1 - moves, 0);
  if (quiet < DENSE_SHARE * moving.length) gates.forEach(({ moved }, time) => (moving[time] = moved.data[block]!));
  return moving.includes(0);
}
