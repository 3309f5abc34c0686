import type { Box } from '../../../picture/geometry/box.js';
import type { Light, VehicleSample } from '../../../background/background.js';
import type { Mask } from '../../../picture/mask.js';
import type { DamageClass } from '../../damage-detector.js';

/** What is kept of one look at a camera's road. Shares are of the picture's width and height, 0..1. */
export interface Visit {
  /** When the job was queued, ms since the epoch. */
  at: number;
  light: Light;
  /** False when the view was much less sharp than usual: its marks say nothing, and nothing is filled from it. */
  judged: boolean;
  /** Where traffic drove during this visit alone. */
  drivenRoad: Mask;
  /** Where its road stayed in doubt. */
  hiddenRoad: Mask;
  /** The vehicles that were measured; none in visits of earlier versions. */
  traffic: readonly VehicleSample[];
  /** At most {@link MOST_REMEMBERED}. */
  sightings: readonly RememberedDamage[];
  /** The background, encoded, at most {@link KEPT_SIDE} px wide and high. */
  picture: Buffer;
}

/** A damage as a visit saw it. */
export interface RememberedDamage {
  class: DamageClass;
  /** Shares. */
  box: Box;
  /** When it was first seen at this place, ms since the epoch. */
  since: number;
  /** Its box then: what moved away from there step by step is no damage. */
  firstBox: Box;
  /** Its name for life; earlier versions gave none. */
  id?: string;
}

/** px; wide enough to see the road's texture. */
export const KEPT_SIDE = 1280;

/** A detector that marks more than this marks noise. */
export const MOST_REMEMBERED = 500;

/** What of a job its visit is named after. */
export interface VisitingJob {
  jobId: string;
  cctvId: string;
  /** ms since the epoch */
  enqueuedAt: number;
}
