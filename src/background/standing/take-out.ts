import { dilate, type Mask } from '../../picture/mask.js';
import { forPixels } from '../../picture/plane.js';
import { FINE } from '../fixed-point.js';
import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import type { BlockLooks } from './block-looks.js';
import type { TwoFacedRegion } from './two-faced.js';

/** A pair of frames shows the road in a region when this share of its blocks shows the other look. */
const MOST_BLOCKS = 0.7;

/** More pairs than this make a mean no better to look at. */
const MOST_PAIRS = 8;

/** Blocks between the parts of a vehicle: some may be as grey as the road. */
const REACH = 2;

/** Farther from a region (blocks) what drove there is another vehicle. */
const DRIVEN_REACH = 4;

/** No vehicle is larger than this share of the picture; more means that all of it looks otherwise. */
const MOST_GROWN = 0.1;

/** A block beside a region belongs to it when a quarter of it looks otherwise while the road is seen, grey values. */
const OTHERWISE = 4;

/**
 * Takes out of a fine frame what stands in a region: each block becomes the mean of the frames that show the road in the
 * region as a whole, or at least in this block. So do the blocks beside it that look otherwise in those frames: a
 * part of a vehicle that came between two pairs of frames never moved.
 * @param picture the luma of `fine`
 * @returns whether frames show the region as a whole; otherwise nothing was done
 */
export function takeOut(
  clip: Clip,
  region: TwoFacedRegion,
  looks: BlockLooks,
  picture: Uint8Array,
  fine: Pointer,
): boolean {
  const whole = pairsThatShow(region);
  if (whole.length === 0) return false;
  const quietPairs = (block: number) => whole.filter((pair) => looks.isQuiet(block, pair)).slice(0, MOST_PAIRS);
  for (const block of setIn(region.wide)) {
    const quiet = quietPairs(block);
    writeMean(clip, block, quiet.length > 0 ? quiet : (region.faces.get(block)?.other.pairs ?? []), fine);
  }
  const near = dilate(region.wide, DRIVEN_REACH);
  const belongs = (block: number) =>
    (near.data[block] === 1 || !looks.isDriven(block)) && differs(clip, looks, picture, block, quietPairs(block));
  for (const block of grownFrom(region, belongs)) writeMean(clip, block, quietPairs(block), fine);
  return true;
}

/** Blocks that hang together with a region, not those of it. */
function grownFrom({ wide }: TwoFacedRegion, belongs: (block: number) => boolean): number[] {
  const seen = Uint8Array.from(wide.data);
  const grown: number[] = [];
  const from = setIn(wide);
  for (let next = 0; next < from.length && grown.length < MOST_GROWN * seen.length; next++) {
    for (const neighbour of around(from[next]!, wide)) {
      if (seen[neighbour] === 1) continue;
      seen[neighbour] = 1;
      if (!belongs(neighbour)) continue;
      grown.push(neighbour);
      from.push(neighbour);
    }
  }
  return grown;
}

function around(block: number, { width, height }: Mask): number[] {
  const [column, row] = [block % width, Math.floor(block / width)];
  const near: number[] = [];
  for (let y = Math.max(0, row - REACH); y <= Math.min(height - 1, row + REACH); y++) {
    for (let x = Math.max(0, column - REACH); x <= Math.min(width - 1, column + REACH); x++) near.push(y * width + x);
  }
  return near;
}

function setIn({ data }: Mask): number[] {
  return [...data.keys()].filter((block) => data[block] === 1);
}

function pairsThatShow({ faces }: TwoFacedRegion): number[] {
  const counts = new Map<number, number>();
  for (const { other } of faces.values()) {
    for (const pair of other.pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= MOST_BLOCKS * faces.size).map(([pair]) => pair);
}

function differs(
  { frames }: Clip,
  looks: BlockLooks,
  picture: Uint8Array,
  block: number,
  pairs: readonly number[],
): boolean {
  if (pairs.length === 0) return false;
  const shown = looks.signatureOf(picture, block);
  const seen = pairs.map((pair) => looks.signatureOf(frames[2 * pair]!, block));
  return shown.some((value, i) => {
    const mean = seen.reduce((sum, quarters) => sum + quarters[i]!, 0) / seen.length;
    return Math.abs(mean - value) > OTHERWISE;
  });
}

function writeMean(
  { memory, frames, width, height, planes, blocks }: Clip,
  block: number,
  pairs: readonly number[],
  fine: Pointer,
): void {
  if (pairs.length === 0) return;
  const out = new Uint16Array(memory.memory.buffer, fine, (width * height * 3) / 2);
  const showing = pairs.flatMap((pair) => [frames[2 * pair]!, frames[2 * pair + 1]!]);
  for (const plane of planes) {
    forPixels(plane, blocks.columns, block, (pixel) => {
      const at = plane.offset + pixel;
      let sum = 0;
      for (const frame of showing) sum += frame[at]!;
      out[at] = (FINE * sum) / showing.length;
    });
  }
}
