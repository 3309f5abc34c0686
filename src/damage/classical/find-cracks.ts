import { dilate, erode, type Mask } from '../../background/mask.js';
import { blackHat, maskedMean, type Plane } from './plane-filters.js';
import { darkLines } from './line-filter.js';

/** The height all lengths below are meant for, px; they grow and shrink with the picture. */
const REFERENCE_HEIGHT = 720;

/** Lengths at the reference height, px. */
const ILLUMINATION_RADIUS = 24;
const BLACK_HAT_RADIUS = 7;
const LINE_REACH = 8;
const SIDE_DISTANCES = [3, 6, 9];
const MARKING_MARGIN = 5;

/** Paint is brighter than the asphalt around it by this share; its edges must not become cracks. */
const MARKING_CONTRAST = 0.22;

/** A crack is darker than its sides by these shares of the asphalt's brightness: to begin, and to go on. */
const SEED_CONTRAST = 0.16;
const LINK_CONTRAST = 0.08;

/** ... and stands out from the asphalt's grain by these numbers of deviations. */
const SEED_DEVIATIONS = 7;
const LINK_DEVIATIONS = 3.5;

/** What the pixels say. */
export interface CrackPixels {
  /** 1 on a crack. */
  mask: Mask;
  /** Contrast of the line through each pixel, share of the asphalt's brightness. */
  contrast: Plane;
}

/** The length in px, in a picture of `height`, of what is `length` at the reference height; at least 1. */
export function scaled(length: number, height: number): number {
  return Math.max(1, Math.round((length * height) / REFERENCE_HEIGHT));
}

/**
 * Finds dark lines on the road: normalised illumination, black-hat, oriented line filters, hysteresis (after the
 * classical crack-detection pipelines, for example Zou et al., CrackTree, 2012).
 *
 * @param grey 0..255
 * @param road the part to judge
 */
export function findCrackPixels(grey: Plane, road: Mask): CrackPixels {
  const px = (length: number) => scaled(length, grey.height);
  const relative = normalise(grey, road.data, px(ILLUMINATION_RADIUS));
  const clean = withoutMarkings(relative, road, px(MARKING_MARGIN));
  const dark = blackHat(relative, px(BLACK_HAT_RADIUS));
  const candidates = clean.data.map((cell, i) => (cell === 1 && dark.data[i]! > LINK_CONTRAST ? 1 : 0));
  const contrast = darkLines(relative, candidates, px(LINE_REACH), SIDE_DISTANCES.map(px));
  const grain = grainOf(dark, clean.data);
  const seed = Math.max(SEED_CONTRAST, SEED_DEVIATIONS * grain);
  const link = Math.max(LINK_CONTRAST, LINK_DEVIATIONS * grain);
  return { mask: hysteresis(contrast, seed, link), contrast };
}

/** Brightness as a share of the road's local mean, smoothed against grain; 1 off the road. */
function normalise(grey: Plane, road: Uint8Array, radius: number): Plane {
  const mean = maskedMean(grey, road, radius);
  const smooth = maskedMean(grey, new Uint8Array(road.length).fill(1), 1);
  const data = smooth.data.map((value, i) => (mean.data[i]! < 1 ? 1 : value / mean.data[i]!));
  return { ...grey, data };
}

function withoutMarkings(relative: Plane, road: Mask, margin: number): Mask {
  const bright = { ...road, data: new Uint8Array(road.data.length) };
  for (let i = 0; i < bright.data.length; i++) bright.data[i] = relative.data[i]! > 1 + MARKING_CONTRAST ? 1 : 0;
  const paint = dilate(bright, margin);
  return erode({ ...road, data: road.data.map((cell, i) => cell & (1 - paint.data[i]!)) }, 1);
}

/** How far the asphalt's grain makes the black-hat scatter: its median absolute deviation, as a standard deviation. */
function grainOf(dark: Plane, road: Uint8Array): number {
  const values = dark.data.filter((_, i) => road[i] === 1).sort();
  if (values.length === 0) return 0;
  const median = values[values.length >> 1]!;
  const deviations = values.map((value) => Math.abs(value - median)).sort();
  return 1.4826 * deviations[deviations.length >> 1]!;
}

/** All that is above `link` and joined to something above `seed`. */
function hysteresis({ width, height, data }: Plane, seed: number, link: number): Mask {
  const out = new Uint8Array(data.length);
  const stack: number[] = [];
  data.forEach((value, i) => {
    if (value >= seed) stack.push(i);
  });
  for (const i of stack) out[i] = 1;
  for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
    for (const next of [
      i - 1,
      i + 1,
      i - width,
      i + width,
      i - width - 1,
      i - width + 1,
      i + width - 1,
      i + width + 1,
    ]) {
      if (out[next] !== 0 || data[next]! < link) continue;
      out[next] = 1;
      stack.push(next);
    }
  }
  return { width, height, data: out };
}
