import type { Box } from '../picture/geometry/box.js';
import type { Mask } from '../picture/mask.js';
import type { Picture } from '../picture/picture.js';
import type { Calibration, PicturePoint } from '../cameras/camera.js';
import type { NoScale, RoadScale, RoadScaleNote } from './scale/road-scale.js';
import type { SizeUncertainty } from './scale/traffic-ground.js';

/**
 * RDD2022: longitudinal, transverse, alligator crack, pothole; `crack` when its direction cannot be told, `damage` when it
 * may be a crack or a pothole.
 */
export type DamageClass = 'D00' | 'D10' | 'D20' | 'D40' | 'crack' | 'damage';

/** How bad a damage looks in the picture. */
export type Severity = 'low' | 'medium' | 'high';

/** One damage. */
export interface Detection {
  /** Its name for life, the same at each visit that sees it again. Only of a camera's job, and only where it was seen. */
  id?: string;
  class: DamageClass;
  /** 0..1 */
  confidence: number;
  /** px of the picture */
  box: Box;
  /** Shares of the picture's width and height, 0..1. */
  boxNormalized: Box;
  /** Pixels marked as damaged within the box. */
  areaPx: number;
  severity: Severity;
  /** A closed line around the damage, px, if the detector knows its shape. */
  outline?: [x: number, y: number][];
  /** Along a crack from end to end, px, if the detector knows its course; a net of cracks has none. */
  line?: [x: number, y: number][];
  /** The length of that line, px. */
  lengthPx?: number;
  /** Marked as damaged, m2. As the two below only where the road's scale is known. */
  areaM2?: number;
  /** Extent across the road, m; by traffic across the view. */
  widthM?: number;
  /** Extent along the road, m; by traffic along the view. */
  lengthM?: number;
  /** The length of a crack along its course, m; only where the course is known. */
  courseM?: number;
  /** What the metres rest on: the rectangle of the operator, or else how wide passing cars were. */
  calibration?: 'operator' | 'traffic';
  /** How far they may be off, shares of them, one deviation; only by traffic. */
  sizeUncertainty?: SizeUncertainty;
  /** In how many of the last visits of the same view and light it was seen, this one included, and since when (ISO 8601). */
  seen?: { since: string; inLast: number; ofLast: number };
  /** Whether an alarm may be raised on it (`reported.ts` has the rule), or people should look first. Set once it was judged. */
  status?: 'reported' | 'unconfirmed';
  /** Whether it stays where it is, as damage does and shadows do not. Absent while too few visits can tell. */
  confirmed?: boolean;
}

/** Damage that earlier visits saw and this one did not, although its place was seen. */
export interface GoneDamage extends Pick<Detection, 'id' | 'class' | 'boxNormalized'> {
  /** ISO 8601 */
  since: string;
  /** ISO 8601 */
  lastSeen: string;
}

/** What changed since the visits before. */
export interface Changes {
  new: Pick<Detection, 'id' | 'class' | 'boxNormalized' | 'severity'>[];
  gone: GoneDamage[];
}

/** What earlier visits gave to this one. */
export interface VisitsNote {
  /** Earlier visits in memory. */
  kept: number;
  /** How many of them the marks are compared with: same view, same light, conclusive. */
  compared: number;
  /** Why none; absent when some are. */
  startedAnew?: 'no memory' | 'first visit' | 'light differs' | 'camera moved';
  /** A sentence. */
  note: string;
  /** Share of the driven road that is shown as earlier visits saw it, because traffic hid it now, 0..1. */
  filledRoadShare: number;
}

/** A mark that counts for nothing: too far away for its kind to be told, or of a size that such damage does not have. */
export interface LeftOut extends Pick<Detection, 'class' | 'boxNormalized'> {
  because: 'beyondSight' | 'implausible';
}

/** A mark that counts for nothing, since a person said that there is no damage. */
export interface RejectedMark extends Pick<Detection, 'class' | 'box' | 'boxNormalized' | 'severity'> {
  /** Of its finding. */
  id: string;
  /** What it is instead, if the person said so: `shadow`, `wet`, `marking` and the like. */
  reason: string | null;
  /** ISO 8601 */
  reviewedAt?: string;
}

/** What a detector marked on one picture. */
export interface Marked {
  detector: { name: string; version: string };
  /** Best first. */
  detections: Detection[];
  /** Share of the road marked as damaged, 0..1; without what several visits did not confirm. */
  damagedRoadShare: number;
  /** The sum of what was measured, m2; only where the road's scale is known. */
  damagedAreaM2?: number;
  /** Only of a camera that was watched. */
  roadScale?: RoadScaleNote;
  /** Share of the road in the picture that was near enough to show potholes, 0..1; only where the scale is known by traffic. */
  judgedRoadShare?: number;
  /** Marks that are no detections, and why. */
  leftOut?: LeftOut[];
  /** Share of the picture taken as road, 0..1. */
  roadShare: number;
  /** Share of that which vehicles hide: nothing is marked there. Only of a detector that sees vehicles. */
  hiddenRoadShare?: number;
  /** px */
  image: { width: number; height: number };
}

/** What a detector says of one picture. It does not judge: `judge` does, by these doubts and those of others. */
export interface PictureMarks extends Marked {
  /** Where the road was looked for: a sentence. */
  grounds: string;
  /** Reasons to take nothing as fact, a sentence each. */
  doubts: readonly string[];
  /** Where vehicles stand on the road and hide it, as a grid over the picture, from a detector that sees vehicles. */
  vehicles?: Mask | undefined;
}

/** What was found on one picture and what to think of it, as `damage_analysis.json` keeps it. */
export interface DamageAnalysis extends Marked {
  /** `inconclusive`: nothing in it should be taken as fact. */
  verdict: 'clear' | 'inconclusive';
  /** A sentence. */
  verdictReason: string;
  /** Who showed where the road is: traffic, the operator's region, or nobody but the detector's own sight. */
  roadBy: 'traffic' | 'region' | 'sight';
  /** How many of the marks an alarm may be raised on. */
  reported: number;
  /** The share with all marks; only where that differs. */
  markedRoadShare?: number;
  /** Marks that are none of `detections`, since people rejected them. Only of a camera's job. */
  rejected?: RejectedMark[];
  /** Only of a camera's job. */
  visits?: VisitsNote;
  /** Only where earlier visits were compared. */
  changes?: Changes;
}

/** What a detector is and is able to say. */
export interface DetectorInfo {
  name: string;
  version: string;
  classes: readonly { id: DamageClass; name: string }[];
  /** A sentence for people: what it marks and what it does not. */
  marks: string;
}

/** Whether a detector can work now. */
export interface DetectorHealth {
  status: 'up' | 'down';
  /** Says what to do when it is down. */
  message?: string;
}

/** What helps a detector beside the picture. */
export interface DetectOptions {
  /** Where traffic drove, as a grid over the picture. */
  drivenRoad?: Mask | undefined;
  /** The operator's region of interest, a polygon: what lies outside is never marked. */
  region?: readonly PicturePoint[] | undefined;
  /** A rectangle on the road of known size: gives metres. */
  calibration?: Calibration | undefined;
  /** The road's scale by traffic, or why there is none. */
  scale?: RoadScale | NoScale | undefined;
  signal: AbortSignal;
}

/** Finds road damage on a picture of a road, best one without traffic. */
export abstract class DamageDetector {
  abstract readonly info: DetectorInfo;

  /**
   * Looks at one picture; works off the main thread.
   * @throws TransientStepError `VISION_CRASHED` when its thread dies; the signal's reason when it aborts
   */
  abstract detect(picture: Picture, options: DetectOptions): Promise<PictureMarks>;

  /** Never throws. */
  abstract health(): Promise<DetectorHealth>;

  /** Why it could look at no picture now, as a sentence: no camera is watched for nothing meanwhile. Costs nothing to ask. */
  heldBackBecause(): string | undefined {
    return undefined;
  }
}
