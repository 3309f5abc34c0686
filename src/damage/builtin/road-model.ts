import { fileURLToPath } from 'node:url';
import type { ReliabilityCurve } from './confidence.js';

/** What a region of a heat map has to be to count. */
export interface RegionRule {
  /** Its cells are at least this hot, 0..1. */
  low: number;
  /** One of them is. */
  high: number;
  /** Its score (mean of the highest quarter of its cells) is. */
  score: number;
  /** It covers at least this share of the picture. */
  leastShare: number;
  /** What its score is worth. */
  reliability: ReliabilityCurve;
}

/** Scores as they are: of a model whose scores nobody has checked. */
export const AS_SCORED: ReliabilityCurve = [
  [0, 0],
  [1, 1],
];

/** A model that gives maps of a road, and how they are read. */
export interface RoadModel {
  /** Path of the ONNX file. */
  file: string;
  version: string;
  /** How many px a picture is given to it at. */
  pixels: number;
  pothole: RegionRule;
  crack: RegionRule;
  /** From here on a cell is road: where traffic drove, which is nearly proof, and elsewhere. */
  lane: { driven: number; sight: number };
  /** From here on a cell shows a vehicle. Undefined: the model has no map of vehicles. */
  vehicle: number | undefined;
}

/** Cells of the picture at the size of the model card. */
const CARD_CELLS = 288 * 160;

/**
 * The model that comes with the service, with the thresholds of its card (`models/MODEL_CARD.md`) but for one: what is wrong
 * more often than right is not marked at all, so cracks have to reach the score that is worth 0.5.
 */
export const ROAD_DAMAGE: RoadModel = {
  file: fileURLToPath(new URL('../../../../models/road-damage.onnx', import.meta.url)),
  version: '2.1.0',
  pixels: 1152 * 640,
  pothole: {
    ...{ low: 0.2, high: 0.7, score: 0.45, leastShare: 6 / CARD_CELLS },
    reliability: [
      [0.61, 0.53],
      [0.87, 0.71],
    ],
  },
  crack: {
    ...{ low: 0.3, high: 0.95, score: 0.86, leastShare: 8 / CARD_CELLS },
    reliability: [
      [0.5355, 0.192],
      [0.6234, 0.285],
      [0.754, 0.385],
      [0.8588, 0.501],
      [0.9027, 0.634],
      [0.9407, 0.788],
      [0.9587, 0.805],
      [0.9792, 0.979],
    ],
  },
  lane: { driven: 0.1, sight: 0.5 },
  vehicle: 0.5,
};

/** The network halves its picture five times. px */
const STEP = 32;

/** Pictures of odd shapes, strips for example, are not made longer than this. px */
const LONGEST = 2_048;

/** The size at which a picture is given to a model: its own shape, as far as sides of whole steps allow. px */
export function inputSizeFor(
  image: { width: number; height: number },
  pixels: number,
): { width: number; height: number } {
  const scale = Math.sqrt(pixels / (image.width * image.height));
  const side = (length: number) => Math.min(LONGEST, Math.max(STEP, STEP * Math.round((scale * length) / STEP)));
  return { width: side(image.width), height: side(image.height) };
}
