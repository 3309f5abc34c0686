import type { Light } from '../background/background.js';
import type { Mask } from '../background/mask.js';
import type { Box, DamageClass } from '../damage/damage-detector.js';

/** What is kept of one look at a camera's road. Shares are of the picture's width and height, 0..1. */
export interface Visit {
  /** The same however often the job ran: see {@link visitId}. */
  id: string;
  /** When the job was queued, ms since the epoch. */
  at: number;
  light: Light;
  /** False when the damage analysis was inconclusive: its picture is good, its marks are not. */
  conclusive: boolean;
  /** Where traffic drove during this visit alone. */
  drivenRoad: Mask;
  /** Where its road stayed in doubt. */
  hiddenRoad: Mask;
  sightings: readonly Sighting[];
  /** The background, encoded, at most {@link KEPT_WIDTH} px wide. */
  picture: Buffer;
}

/** A damage as a visit saw it. */
export interface Sighting {
  class: DamageClass;
  /** Shares. */
  box: Box;
  /** When it was first seen at this place, ms since the epoch. */
  since: number;
  /** Its box then: what moved away from there step by step is no damage. */
  firstBox: Box;
}

/** px; wide enough to see the road's texture, small enough for some hundred cameras in Redis. */
export const KEPT_WIDTH = 1280;

/** The name of a job's visit: sorts by time, and is the same when the job is delivered again. */
export function visitId({ jobId, enqueuedAt }: { jobId: string; enqueuedAt: number }): string {
  return `${String(enqueuedAt).padStart(15, '0')}:${jobId}`;
}
