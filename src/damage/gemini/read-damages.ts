import type { Box } from '../../picture/geometry/box.js';
import { troubled } from '../../gemini/gemini-errors.js';
import type { JobError } from '../../job/errors.js';
import type { DamageClass } from '../damage-detector.js';
import type { MarkedBox } from '../marked-boxes.js';
import { suppress } from '../onnx/candidate.js';
import { BOX_SCALE, CLASSES, MOST_DAMAGES, VIEWS, type PictureView } from './question.js';

/** A model that reports less than this is guessing; 0..1. */
const LEAST_CONFIDENCE = 0.4;

/** Boxes of one class that overlap by more are one: the model names a damage twice, as a whole and in parts. IoU, 0..1 */
const MOST_OVERLAP = 0.5;

/** px of the picture; a smaller box is none. */
const SMALLEST_SIDE = 2;

/** What an answer says, as far as it can be used. */
export interface ReadDamages {
  readonly view: PictureView;
  /** In px of the picture, best first. */
  readonly sightings: readonly MarkedBox[];
  /** Entries that are no damage: without a class, without a box within the picture. */
  readonly unreadable: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads an answer, trusting nothing of it: boxes are put in order and clamped to the picture, empty ones, unsure ones and those
 * named twice are dropped.
 *
 * @param image px
 * @throws TransientStepError `GEMINI_BAD_ANSWER` when it has another shape than was asked for
 */
export function readDamages(answer: unknown, image: Size): ReadDamages {
  const { view, damages } = recordOf(answer);
  if (!isOneOf(VIEWS, view) || !Array.isArray(damages)) throw badAnswer();
  const read = (damages as unknown[]).map((damage) => sightingOf(damage, image));
  const sightings = read.filter((sighting) => sighting !== undefined);
  return { view, sightings: distinct(sightings), unreadable: read.length - sightings.length };
}

function distinct(sightings: readonly MarkedBox[]): MarkedBox[] {
  const sure = sightings.filter(({ score }) => score >= LEAST_CONFIDENCE).toSorted((a, b) => b.score - a.score);
  const candidates = sure.slice(0, MOST_DAMAGES).map((sighting) => ({
    box: sighting.box,
    score: sighting.score,
    index: CLASSES.indexOf(sighting.class),
  }));
  return suppress(candidates, MOST_OVERLAP).map(({ box, score, index }) => {
    return { box, score, class: CLASSES[index] as DamageClass };
  });
}

function sightingOf(damage: unknown, image: Size): MarkedBox | undefined {
  const { box_2d: corners, label, confidence } = recordOf(damage);
  const box = boxOf(corners, image);
  if (box === undefined || !isOneOf(CLASSES, label) || !isNumber(confidence)) return undefined;
  return { box, class: label, score: Math.min(1, Math.max(0, confidence)) };
}

/** @param corners ymin, xmin, ymax, xmax from 0 to {@link BOX_SCALE} */
function boxOf(corners: unknown, { width, height }: Size): Box | undefined {
  if (!Array.isArray(corners) || corners.length !== 4 || !corners.every(isNumber)) return undefined;
  const [y1, x1, y2, x2] = corners as [number, number, number, number];
  const [left, right] = range(x1, x2, width);
  const [top, bottom] = range(y1, y2, height);
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  return box.width >= SMALLEST_SIDE && box.height >= SMALLEST_SIDE ? box : undefined;
}

/** Two coordinates in order, within 0..`size`. */
function range(a: number, b: number, size: number): [from: number, to: number] {
  const scaled = (value: number) => (Math.min(BOX_SCALE, Math.max(0, value)) * size) / BOX_SCALE;
  return [scaled(Math.min(a, b)), scaled(Math.max(a, b))];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isOneOf<T>(values: readonly T[], value: unknown): value is T {
  return values.includes(value as T);
}

function badAnswer(): JobError {
  return troubled('GEMINI_BAD_ANSWER', "Gemini's answer has not the shape that was asked for; it is asked again.");
}
