import { type Box, iou } from '../../picture/geometry/box.js';
import { mayBeOne, shareWithin } from '../birds-eye/merge.js';
import type { DamageClass } from '../damage-detector.js';

/** Boxes that overlap by this much (IoU) are one damage seen twice: detectors draw them a little differently each time. */
const SAME = 0.2;

/** So is a piece of a larger box that lies within it by this share, unless it is tiny beside it. */
const WITHIN = 0.5;
const LEAST_RATIO = 0.1;

/** So are boxes whose middles lie this close, in the length of the smaller diagonal. */
const CLOSE = 0.3;

/** A damage of some kind at some place. */
export interface Placed {
  class: DamageClass;
  box: Box;
}

/** Whether two visits saw the same damage. Boxes in one unit and place. */
export function isSameDamage(a: Placed, b: Placed): boolean {
  if (!mayBeOne(a.class, b.class)) return false;
  if (iou(a.box, b.box) >= SAME || distance(a.box, b.box) <= CLOSE * Math.min(diagonal(a.box), diagonal(b.box))) {
    return true;
  }
  const [areaA, areaB] = [a.box.width * a.box.height, b.box.width * b.box.height];
  return shareWithin(a.box, b.box) >= WITHIN && Math.min(areaA, areaB) >= LEAST_RATIO * Math.max(areaA, areaB);
}

function diagonal({ width, height }: Box): number {
  return Math.hypot(width, height);
}

function distance(a: Box, b: Box): number {
  return Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
}
