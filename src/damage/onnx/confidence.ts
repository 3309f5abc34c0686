import type { Candidate } from './candidate.js';
import { unusable } from './unusable.js';

/** Halves and sums of them are not exact. */
const SLACK = 0.01;

/**
 * The candidates with confidences of 0..1.
 * @throws PermanentStepError `MODEL_UNUSABLE` where they are something else, such as logits
 */
export function confident(candidates: readonly Candidate[]): Candidate[] {
  const scores = candidates.map(({ score }) => score);
  const numbers = scores.filter((score) => !Number.isNaN(score));
  if (scores.length > 0 && numbers.length === 0) {
    throw unusable('DAMAGE_MODEL gives no numbers (NaN) as confidences: export it again, perhaps in full precision.');
  }
  const [least, most] = numbers.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [0, 1]);
  if (least < -SLACK || most > 1 + SLACK) {
    throw unusable(
      `DAMAGE_MODEL gives confidences from ${rounded(least)} to ${rounded(most)}; they have to be from 0 to 1. ` +
        'Export it with the sigmoid in it, or correct DAMAGE_MODEL_LAYOUT.',
    );
  }
  return candidates.map((candidate) => ({ ...candidate, score: Math.min(1, candidate.score) }));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
