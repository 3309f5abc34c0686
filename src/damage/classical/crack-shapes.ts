import { dilate, regionsOf, type Mask } from '../../background/mask.js';
import type { Box, Severity } from '../damage-detector.js';
import { scaled, type CrackPixels } from './find-cracks.js';

/** Lengths at 720 px of height, px. */
const BRIDGED_GAP = 4;
const SHORTEST = 26;
const THICKEST = 13;

/** Longer than this (px at 720) and as straight as this share of its length, a line was made by people. */
const MADE_LENGTH = 70;
const MADE_STRAIGHTNESS = 0.008;

/** A crack's length as a share of the road's width beside it, from which it is medium and high. */
const MEDIUM_LENGTH = 0.15;
const HIGH_LENGTH = 0.4;

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
      outline: hullOf(shape.pixels, mask.width),
      confidence: confidenceOf(shape, contrast.data, px(SHORTEST)),
      severity: severityOf(shape, road),
    }))
    .sort((a, b) => b.confidence - a.confidence);
}

function shapeOf(pixels: number[], { width, data }: Mask): Shape {
  let [sumX, sumY, border] = [0, 0, 0];
  const box = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (const pixel of pixels) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    [sumX, sumY] = [sumX + x, sumY + y];
    [box.left, box.right] = [Math.min(box.left, x), Math.max(box.right, x)];
    [box.top, box.bottom] = [Math.min(box.top, y), Math.max(box.bottom, y)];
    for (const next of [pixel - 1, pixel + 1, pixel - width, pixel + width]) border += 1 - data[next]!;
  }
  return {
    pixels,
    box: { x: box.left, y: box.top, width: box.right - box.left + 1, height: box.bottom - box.top + 1 },
    thickness: (2 * pixels.length) / Math.max(1, border),
    ...spreadOf(pixels, width, sumX / pixels.length, sumY / pixels.length),
  };
}

/** Extent along the main axis and scatter across it, by principal components. */
function spreadOf(pixels: readonly number[], width: number, meanX: number, meanY: number) {
  let [xx, xy, yy] = [0, 0, 0];
  for (const pixel of pixels) {
    const [x, y] = [(pixel % width) - meanX, Math.floor(pixel / width) - meanY];
    [xx, xy, yy] = [xx + x * x, xy + x * y, yy + y * y];
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [least, most, across] = [0, 0, 0];
  for (const pixel of pixels) {
    const [x, y] = [(pixel % width) - meanX, Math.floor(pixel / width) - meanY];
    const along = x * cos + y * sin;
    [least, most] = [Math.min(least, along), Math.max(most, along)];
    across += (y * cos - x * sin) ** 2;
  }
  return { length: most - least + 1, bend: Math.sqrt(across / Math.max(1, pixels.length)) };
}

/** From 0.3 for what is just visible and just long enough, to 0.95. */
function confidenceOf({ pixels, length }: Shape, contrast: Float32Array, shortest: number): number {
  const mean = pixels.reduce((sum, pixel) => sum + contrast[pixel]!, 0) / Math.max(1, pixels.length);
  const clear = Math.min(1, mean / 0.35);
  const long = Math.min(1, length / (6 * shortest));
  return Math.round(100 * (0.3 + 0.65 * Math.sqrt(clear * long))) / 100;
}

/** By length against the road's width at the crack's lower end; a net of cracks counts one step more. */
function severityOf({ box, length, pixels, bend }: Shape, road: Mask): Severity {
  const row = Math.min(road.height - 1, box.y + box.height - 1) * road.width;
  const roadWidth = road.data.subarray(row, row + road.width).reduce((sum, cell) => sum + cell, 0);
  const share = length / Math.max(length, roadWidth);
  const isNet = bend > length / 8 && pixels.length > 2 * length * 2;
  if (share >= HIGH_LENGTH || (isNet && share >= MEDIUM_LENGTH)) return 'high';
  return share >= MEDIUM_LENGTH || isNet ? 'medium' : 'low';
}

/** Andrew's monotone chain. */
function hullOf(pixels: readonly number[], width: number): [number, number][] {
  const points = pixels.map((pixel): [number, number] => [pixel % width, Math.floor(pixel / width)]);
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (sorted: readonly [number, number][]) => {
    const chain: [number, number][] = [];
    for (const point of sorted) {
      while (chain.length > 1 && !turnsLeft(chain.at(-2)!, chain.at(-1)!, point)) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(points), ...half(points.toReversed())];
}

function turnsLeft(a: [number, number], b: [number, number], c: [number, number]): boolean {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0;
}
