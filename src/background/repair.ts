import { regionsOf, type Mask } from './mask.js';
import type { Plane } from './plane.js';
import { ONE_VALUE } from './runs.js';
import type { SecondLook } from './second-look.js';

/** Smaller regions (px) are noise, and invisible. */
const SMALLEST_REGION = 24;

/** A region is what stood when this share of it looks so. */
const STOOD_SHARE = 0.5;

/** A region is also replaced when that makes its border this much smoother: a car has edges, a road has none. */
const SMOOTHER_SEAM = 0.6;

/** The regions of the road on which the two values disagree, each as luma pixel indices. */
export function doubtfulRegions(median: Uint8Array, look: SecondLook, luma: Plane): number[][] {
  const doubt: Mask = { width: luma.width, height: luma.height, data: new Uint8Array(look.value.length) };
  for (let i = 0; i < look.value.length; i++) doubt.data[i] = look.value[i] === median[i] ? 0 : 1;
  return regionsOf(doubt);
}

/** Method E, second half: whether the second value of a region is the road and the median a vehicle that stood. */
export function shouldRepair(region: readonly number[], median: Uint8Array, look: SecondLook, luma: Plane): boolean {
  if (region.length < SMALLEST_REGION) return false;
  const stood = region.filter((pixel) => look.stood[pixel] === 1).length;
  const seams = seamsOf(region, median, look, luma.width);
  if (stood >= STOOD_SHARE * region.length) return seams.look < seams.median;
  return false && seams.look < SMOOTHER_SEAM * seams.median;
}

/** The mean step across a region's border with either value inside it. */
function seamsOf(region: readonly number[], median: Uint8Array, look: SecondLook, width: number) {
  const steps = { median: 0, look: 0, count: 0 };
  for (const pixel of region) {
    for (const neighbour of [pixel - 1, pixel + 1, pixel - width, pixel + width]) {
      if (look.value[neighbour] !== median[neighbour]) continue;
      steps.median += Math.abs(median[pixel]! - median[neighbour]!);
      steps.look += Math.abs(look.value[pixel]! - median[neighbour]!);
      steps.count++;
    }
  }
  const count = Math.max(1, steps.count);
  return { median: steps.median / count, look: steps.look / count };
}

/** Writes the second value of a region into a frame, and its colour: that of the frames which show this value. */
export function repair(
  region: readonly number[],
  frames: readonly Uint8Array[],
  look: SecondLook,
  [luma, ...chroma]: readonly [Plane, Plane, Plane],
  out: Uint8Array,
): void {
  for (const pixel of region) {
    const value = look.value[pixel]!;
    out[pixel] = value;
    const x = pixel % luma.width;
    const y = (pixel - x) / luma.width;
    const showing = frames.filter((frame) => Math.abs(frame[pixel]! - value) <= ONE_VALUE);
    if (showing.length === 0) continue;
    for (const plane of chroma) {
      const at = plane.offset + (y >> 1) * plane.width + (x >> 1);
      out[at] = Math.round(showing.reduce((sum, frame) => sum + frame[at]!, 0) / showing.length);
    }
  }
}
