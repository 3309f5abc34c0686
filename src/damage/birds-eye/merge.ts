import { type Box, iou } from '../../picture/geometry/box.js';
import type { DamageClass, Detection } from '../damage-detector.js';

/** Boxes that overlap by this much (IoU) show the same damage. */
const SAME = 0.3;

/** So does a box that lies within another by this share. */
const WITHIN = 0.6;

/** Adds to `detections` those of `others` that show damage of a kind where none of that kind is yet; best first. */
export function merged(detections: readonly Detection[], others: readonly Detection[]): Detection[] {
  const all = [...detections];
  for (const other of others.toSorted((a, b) => b.confidence - a.confidence)) {
    if (!all.some((known) => isSame(known, other))) all.push(other);
  }
  return all.sort((a, b) => b.confidence - a.confidence);
}

/** Potholes are one kind of damage, cracks of whatever direction another. */
export function familyOf(damage: DamageClass): 'pothole' | 'crack' | 'either' {
  if (damage === 'damage') return 'either';
  return damage === 'D40' ? 'pothole' : 'crack';
}

/** Whether two classes may name one damage. */
export function mayBeOne(a: DamageClass, b: DamageClass): boolean {
  const [one, other] = [familyOf(a), familyOf(b)];
  return one === other || one === 'either' || other === 'either';
}

function isSame(a: Detection, b: Detection): boolean {
  return mayBeOne(a.class, b.class) && (iou(a.box, b.box) > SAME || shareWithin(a.box, b.box) > WITHIN);
}

/** The share of the smaller box that lies in the larger one, 0..1. */
export function shareWithin(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}
