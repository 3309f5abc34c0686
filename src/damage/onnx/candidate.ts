import { type Box, iou } from '../../picture/geometry/box.js';

/** A box that a model proposes, in px of its input. */
export interface Candidate {
  box: Box;
  /** 0..1 */
  score: number;
  /** The model's number for the class. */
  index: number;
}

/** A box by its middle. */
export function aroundMiddle(x: number, y: number, width: number, height: number): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** A box by two corners. */
export function betweenCorners(left: number, top: number, right: number, bottom: number): Box {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Non-maximum suppression within each class: of boxes that overlap by more than `most` (IoU) only the surest stays.
 * Best first.
 */
export function suppress(candidates: readonly Candidate[], most: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    const isDoubled = kept.some((other) => other.index === candidate.index && iou(other.box, candidate.box) > most);
    if (!isDoubled) kept.push(candidate);
  }
  return kept;
}
