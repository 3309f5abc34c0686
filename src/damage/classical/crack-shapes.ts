import type { Box } from '../../picture/geometry/box.js';
import { dilate, regionsOf, type Mask } from '../../picture/mask.js';
import type { Severity } from '../damage-detector.js';
import { hullOf, type Point } from '../../picture/geometry/hull.js';
import { mainAxisOf } from '../../picture/geometry/main-axis.js';
import { crackSeverity, roadWidthAt } from '../severity.js';
import { scaled, type CrackPixels } from './find-cracks.js';

/** Lengths at 720 px of height, px. */
const BRIDGED_GAP = 4;
const SHORTEST = 26;
const THICKEST = 13;

/** Longer than this (px at 720) and as straight as this share of its length, a line was made by people. */
const MADE_LENGTH = 70;
const MADE_STRAIGHTNESS = 0.008;

/** One crack, in px of the picture that was searched. */
export interface Crack {
  box: Box;
  /** Of its dark pixels. */
  areaPx: number;
  /** The convex hull. */
  outline: [x: number, y: number][];
  confidence: number;
  severity: Severity;
}

interface Shape {
  pixels: number[];
  box: Box;
  /** Extent along the main axis, px. */
  length: number;
  /** Mean thickness of its lines, px. */
  thickness: number;
  /** Root mean square distance from the main axis, px. */
  bend: number;
}

/** Joins dark lines to cracks and keeps what has the shape of one: long, thin, not drawn with a ruler. */
export function cracksOf({ mask, contrast }: CrackPixels, road: Mask): Crack[] {
  const px = (length: number) => scaled(length, mask.height);
  return regionsOf(dilate(mask, px(BRIDGED_GAP)))
    .map((region) =>
      shapeOf(
        region.filter((pixel) => mask.data[pixel] === 1),
        mask,
      ),
    )
    .filter((shape) => shape.length >= px(SHORTEST) && shape.thickness <= px(THICKEST))
    .filter((shape) => shape.thickness <= shape.length / 4)
    .filter((shape) => shape.length < px(MADE_LENGTH) || shape.bend > MADE_STRAIGHTNESS * shape.length)
    .map((shape) => ({
      box: shape.box,
      areaPx: shape.pixels.length,
      outline: hullOf(shape.pixels.map((pixel): Point => [pixel % mask.width, Math.floor(pixel / mask.width)])),
      confidence: confidenceOf(shape, contrast.data, px(SHORTEST)),
      severity: severityOf(shape, road),
    }))
    .sort((a, b) => b.confidence - a.confidence);
}

function shapeOf(pixels: number[], { width, data }: Mask): Shape {
  let border = 0;
  const box = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (const pixel of pixels) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    [box.left, box.right] = [Math.min(box.left, x), Math.max(box.right, x)];
    [box.top, box.bottom] = [Math.min(box.top, y), Math.max(box.bottom, y)];
    for (const next of [pixel - 1, pixel + 1, pixel - width, pixel + width]) border += 1 - data[next]!;
  }
  return {
    pixels,
    box: { x: box.left, y: box.top, width: box.right - box.left + 1, height: box.bottom - box.top + 1 },
    thickness: (2 * pixels.length) / Math.max(1, border),
    ...mainAxisOf(pixels, width),
  };
}

/** From 0.3 for what is just visible and just long enough, to 0.95. */
function confidenceOf({ pixels, length }: Shape, contrast: Float32Array, shortest: number): number {
  const mean = pixels.reduce((sum, pixel) => sum + contrast[pixel]!, 0) / Math.max(1, pixels.length);
  const clear = Math.min(1, mean / 0.35);
  const long = Math.min(1, length / (6 * shortest));
  return Math.round(100 * (0.3 + 0.65 * Math.sqrt(clear * long))) / 100;
}

function severityOf({ box, length, pixels, bend }: Shape, road: Mask): Severity {
  const isNet = bend > length / 8 && pixels.length > 4 * length;
  return crackSeverity(length, roadWidthAt(road, box.y + box.height - 1), isNet);
}
