import type { Detection } from './damage-detector.js';

/** A mark that a detector is less sure of than this is for people to look at, however often it is seen. */
export const LEAST_CONFIDENCE = 0.8;

/** Whether a mark would be reported if visits agree on it. */
export function isReported({ confidence }: Pick<Detection, 'confidence'>): boolean {
  return confidence >= LEAST_CONFIDENCE;
}
