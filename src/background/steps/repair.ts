import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import { dilate, emptyMask, erode, fillHoles, regionsAmong, type Mask } from '../../picture/mask.js';
import type { Plane } from '../../picture/plane.js';
import type { SecondLook } from './second-look.js';
import { cameAndWentOnce, shows } from './came-and-went.js';

/** Smaller regions (px) are noise, and invisible. */
const SMALLEST_REGION = 24;

/** A region is something that stood when this share of it looks so. */
const STOOD_SHARE = 0.5;

/** Parts of a vehicle may be as grey as the road, and its outline is blurred: px around and between what differs. */
const GAP = 6;
const BLUR = 3;

/** The regions of the road on which the two values disagree, each as luma pixel indices. */
export function doubtfulRegions(
  { memory, kernels, planes: [luma] }: Clip,
  median: Pointer,
  look: SecondLook,
): number[][] {
  const list = memory.take(Uint32Array.BYTES_PER_ELEMENT * look.value.length);
  const length = kernels.listDifferent(median, memory.pointerTo(look.value), look.value.length, list);
  const pixels = new Uint32Array(memory.memory.buffer, list, length);
  const doubt = emptyMask(luma.width, luma.height);
  for (const pixel of pixels) doubt.data[pixel] = 1;
  return regionsAmong(doubt, pixels);
}

/** The blocks of a grid that regions touch; regions too small to be seen are left out. */
export function blocksUnder(regions: readonly (readonly number[])[], grid: Mask, luma: Plane): Mask {
  const touched = emptyMask(grid.width, grid.height);
  for (const region of regions) {
    if (region.length < SMALLEST_REGION) continue;
    for (const pixel of region) {
      const x = pixel % luma.width;
      const y = (pixel - x) / luma.width;
      touched.data[Math.floor(y / luma.blockSize) * grid.width + Math.floor(x / luma.blockSize)] = 1;
    }
  }
  return touched;
}

/**
 * Method E, second half: whether the median shows a vehicle in a region, because it looks as if something stood there,
 * or because the second value fits better to what lies around: a vehicle has edges, the road has none.
 */
export function isNoRoad(
  region: readonly number[],
  frames: readonly Uint8Array[],
  median: Uint8Array,
  look: SecondLook,
  luma: Plane,
): boolean {
  if (region.length < SMALLEST_REGION) return false;
  const stood = region.reduce((count, pixel) => count + look.stood[pixel]!, 0) >= STOOD_SHARE * region.length;
  return (stood && cameAndWentOnce(region, frames, median, look.value)) || fitsBetter(region, median, look, luma.width);
}

function fitsBetter(region: readonly number[], median: Uint8Array, look: SecondLook, width: number): boolean {
  let [medianSteps, lookSteps] = [0, 0];
  for (const pixel of region) {
    for (const neighbour of [pixel - 1, pixel + 1, pixel - width, pixel + width]) {
      if (look.value[neighbour] !== median[neighbour]) continue;
      medianSteps += Math.abs(median[pixel]! - median[neighbour]!);
      lookSteps += Math.abs(look.value[pixel]! - median[neighbour]!);
    }
  }
  return lookSteps < medianSteps;
}

/**
 * Takes what stood in a region out of a fine frame: there it becomes the mean of those frames that show the road in the
 * region as a whole, since single pixels of a vehicle may look like road.
 */
export function repair(clip: Clip, region: readonly number[], look: SecondLook, fine: Pointer): void {
  const { memory, width, height, planes } = clip;
  const showing = clip.frames.filter((frame) => shows(frame, region, look.value));
  if (showing.length === 0) return;
  const out = new Uint16Array(memory.memory.buffer, fine, (width * height * 3) / 2);
  const [luma, ...chroma] = planes;
  for (const pixel of surroundings(region, luma)) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    out[pixel] = meanAt(clip, showing, pixel);
    for (const { offset, width: wide } of chroma) {
      const at = offset + (y >> 1) * wide + (x >> 1);
      out[at] = meanAt(clip, showing, at);
    }
  }
}

function meanAt({ memory, kernels, scratch }: Clip, frames: readonly Uint8Array[], at: number): number {
  const samples = memory.bytes(scratch, frames.length);
  for (let i = 0; i < frames.length; i++) samples[i] = frames[i]![at]!;
  return kernels.robustMean(scratch, frames.length);
}

/** A region with its gaps closed and its outline widened, as luma pixel indices. */
function surroundings(region: readonly number[], { width, height }: Plane): number[] {
  const box = boxAround(region, width, height, GAP + BLUR);
  const mask: Mask = emptyMask(box.right - box.left, box.bottom - box.top);
  const inMask = (pixel: number) => (Math.floor(pixel / width) - box.top) * mask.width + (pixel % width) - box.left;
  for (const pixel of region) mask.data[inMask(pixel)] = 1;
  const wide = dilate(fillHoles(erode(dilate(mask, GAP), GAP)), BLUR);
  const pixels: number[] = [];
  wide.data.forEach((set, cell) => {
    const row = box.top + Math.floor(cell / wide.width);
    if (set === 1) pixels.push(row * width + box.left + (cell % wide.width));
  });
  return pixels;
}

function boxAround(region: readonly number[], width: number, height: number, margin: number) {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (const pixel of region) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return {
    left: Math.max(0, box.left - margin),
    top: Math.max(0, box.top - margin),
    right: Math.min(width, box.right + margin),
    bottom: Math.min(height, box.bottom + margin),
  };
}
