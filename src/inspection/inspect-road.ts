import type { Background } from '../background/background.js';
import type { Camera } from '../cameras/camera.js';
import type { DamageAnalysis, DamageDetector } from '../damage/damage-detector.js';

/** What the operator said of a camera's road. */
export type RoadKnowledge = Pick<Camera, 'region' | 'calibration'>;

/**
 * Looks for damage on an empty road. On a background that is inconclusive nothing is certain, so neither is the
 * analysis.
 */
export async function inspectRoad(
  detector: DamageDetector,
  { picture, drivenRoad, meta }: Background,
  signal: AbortSignal,
  { region, calibration }: Partial<RoadKnowledge> = {},
): Promise<DamageAnalysis> {
  const analysis = await detector.detect(picture, { drivenRoad, region, calibration, signal });
  if (meta.verdict !== 'inconclusive') return analysis;
  return {
    ...analysis,
    verdict: 'inconclusive',
    verdictReason: `The background is inconclusive. ${meta.verdictReason}`,
  };
}
