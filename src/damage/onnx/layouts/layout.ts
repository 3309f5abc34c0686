import type { Tensors } from '../../model/inference.js';
import type { Candidate } from '../candidate.js';

/** What comes out of a model, by the family of detectors that it belongs to. */
export const LAYOUTS = ['yolov8', 'yolov5', 'yolox', 'end2end', 'yolov7nms', 'rtdetr', 'detr', 'labels'] as const;

export type LayoutName = (typeof LAYOUTS)[number];

/** Sizes of a model's input. */
export interface InputSize {
  /** px */
  width: number;
  /** px */
  height: number;
}

/** How to feed and to read one family of detectors. */
export interface Layout {
  /** `centred`: RGB 0..1, the picture in the middle. `corner`: BGR 0..255, the picture at the top left. */
  picture: 'centred' | 'corner';
  /** Whether boxes still overlap. */
  needsSuppression: boolean;
  /** Number of classes, by the shapes of the outputs; null when they do not tell. */
  classes(outputs: Tensors): number | null;
  /** The boxes whose score is at least `threshold`. */
  decode(outputs: Tensors, input: InputSize, threshold: number): Candidate[];
}

/** The side of the grids that one-stage detectors look at, px of the input. */
export const STRIDES = [8, 16, 32] as const;

/** Places of all grids together. */
export function placesOf({ width, height }: InputSize): number {
  return STRIDES.reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0);
}

/** The only output, or the first. */
export function mainOutput(outputs: Tensors): { data: Float32Array | BigInt64Array; dims: readonly number[] } {
  const [output] = Object.values(outputs);
  if (output === undefined) throw new Error('The model gives nothing.');
  return output;
}

/** The highest of `count` numbers that lie `step` apart, and which it is. */
export function highest(
  data: ArrayLike<number | bigint>,
  from: number,
  count: number,
  step = 1,
): [index: number, value: number] {
  let best = 0;
  for (let i = 1; i < count; i++) if (data[from + i * step]! > data[from + best * step]!) best = i;
  return [best, Number(data[from + best * step])];
}

/** From any number to 0..1. */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
