import type { DamageAnalysis, Detection } from './damage-detector.js';

/**
 * A mark that the detector is less sure of is for people to look at, however often it is seen. For the built-in model it is
 * the share of such marks that are right (`models/MODEL_CARD.md`).
 */
export const LEAST_CONFIDENCE = 0.8;

/** An analysis before it is said of each mark what it is good for. */
export type Unjudged = Omit<DamageAnalysis, 'reported'>;

/**
 * Says of each mark whether an alarm may be raised on it. The one rule: the verdict is `clear`, traffic or the operator showed
 * where the road is, earlier visits confirm the mark, and the detector is sure enough. All others are `unconfirmed`: to check.
 */
export function withStatus(analysis: Unjudged): DamageAnalysis {
  const detections = analysis.detections.map((detection): Detection => {
    return { ...detection, status: mayAlarm(detection, analysis) ? 'reported' : 'unconfirmed' };
  });
  return { ...analysis, detections, reported: detections.filter(({ status }) => status === 'reported').length };
}

/** Whether a detector is sure enough of a mark to report it once visits agree on it. */
export function isSure({ confidence }: Pick<Detection, 'confidence'>): boolean {
  return confidence >= LEAST_CONFIDENCE;
}

function mayAlarm(detection: Detection, { verdict, roadBy }: Unjudged): boolean {
  return verdict === 'clear' && roadBy !== 'sight' && detection.confirmed === true && isSure(detection);
}
