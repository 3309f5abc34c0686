import { dilate, erode, type Mask } from '../../picture/mask.js';
import { blackHat, maskedMean, type GreyPlane } from './plane-filters.js';
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

/** The sides of a crack are never brighter than this share of the asphalt around. */
const BRIGHTEST_SIDE = 1.12;

/** At night the asphalt is not taken to be darker than this, grey values: noise would become contrast. */
const DARKEST = 30;

/** What the pixels say. */
export interface CrackPixels {
  /** 1 on a crack. */
  mask: Mask;
  /** Contrast of the line through each pixel, share of the asphalt's brightness. */
  contrast: GreyPlane;
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
export function findCrackPixels(grey: GreyPlane, road: Mask): CrackPixels {
  const px = (length: number) => scaled(length, grey.height);
  const smooth = maskedMean(grey, new Uint8Array(road.data.length).fill(1), 1);
  const paint = paintOf(smooth, road, px(ILLUMINATION_RADIUS));
  const clean = erode(without(road, dilate(paint, px(MARKING_MARGIN))), 1);
  const brightness = maskedMean(smooth, without(road, paint).data, px(ILLUMINATION_RADIUS));
  const ground = clip(smooth, brightness);
  const dark = shareOfBrightness(blackHat(ground, px(BLACK_HAT_RADIUS)), brightness);
  const candidates = clean.data.map((cell, i) => (cell === 1 && dark.data[i]! > LINK_CONTRAST ? 1 : 0));
  const lines = darkLines(ground, candidates, px(LINE_REACH), SIDE_DISTANCES.map(px));
  const contrast = shareOfBrightness(lines, brightness);
  const grain = grainOf(dark, clean.data);
  const seed = Math.max(SEED_CONTRAST, SEED_DEVIATIONS * grain);
  const link = Math.max(LINK_CONTRAST, LINK_DEVIATIONS * grain);
  return { mask: hysteresis(contrast, seed, link), contrast };
}

/** What is clearly brighter than the road around it. */
function paintOf(smooth: GreyPlane, road: Mask, radius: number): Mask {
  const mean = maskedMean(smooth, road.data, radius).data;
  const bright = smooth.data.map((value, i) => (value > (1 + MARKING_CONTRAST) * mean[i]! ? 1 : 0));
  return { ...road, data: Uint8Array.from(bright) };
}

/** What is brighter than asphalt counts as asphalt, so that a gap between paint and a kerb is not darker than both. */
function clip(smooth: GreyPlane, brightness: GreyPlane): GreyPlane {
  const data = smooth.data.map((value, i) => Math.min(value, BRIGHTEST_SIDE * brightness.data[i]!));
  return { ...smooth, data };
}

function without(mask: Mask, other: Mask): Mask {
  return { ...mask, data: mask.data.map((cell, i) => cell & (1 - other.data[i]!)) };
}

/** Darkness means more where the asphalt is dark; dividing afterwards leaves no halo around patches and paint. */
function shareOfBrightness(plane: GreyPlane, brightness: GreyPlane): GreyPlane {
  return { ...plane, data: plane.data.map((value, i) => value / Math.max(DARKEST, brightness.data[i]!)) };
}

/** How far the asphalt's grain makes the black-hat scatter: its median absolute deviation, as a standard deviation. */
function grainOf(dark: GreyPlane, road: Uint8Array): number {
  const values = dark.data.filter((_, i) => road[i] === 1).sort();
  if (values.length === 0) return 0;
  const median = values[values.length >> 1]!;
  const deviations = values.map((value) => Math.abs(value - median)).sort();
  return 1.4826 * deviations[deviations.length >> 1]!;
}

/** All that is above `link` and joined to something above `seed`. */
function hysteresis({ width, height, data }: GreyPlane, seed: number, link: number): Mask {
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
