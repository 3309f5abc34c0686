import type { Background, VehicleSample } from '../background/background.js';
import type { Camera } from '../cameras/camera.js';
import type { DamageAnalysis, DamageDetector, DetectOptions } from '../damage/damage-detector.js';
import { fitScale } from '../damage/scale/fit-scale.js';
import { doubtOfClarity } from '../damage/clarity.js';
import { roadByOf, roadHintOf } from '../damage/road-hint.js';
import { withoutMarksOn } from '../damage/without-marks-on.js';
import { judge } from '../damage/verdict.js';
import type { Mask } from '../picture/mask.js';
import type { Picture } from '../picture/picture.js';

/** What the operator said of a camera's road. */
export type RoadKnowledge = Pick<Camera, 'region' | 'calibration'>;

/** What is known of a picture's road beside the picture. */
export interface Circumstances extends Partial<RoadKnowledge> {
  /** What earlier visits make doubtful: a sentence. */
  doubt?: string | undefined;
  /** The vehicles that earlier visits of the same view measured, the newest visit first, in the place of now. */
  earlierTraffic?: readonly VehicleSample[][];
}

/** What was found, and where vehicles stand on the road if the detector sees vehicles. */
export interface Inspected {
  analysis: DamageAnalysis;
  vehicles: Mask | undefined;
}

/** Looks for damage on an empty road, and judges what was found: on a background that is inconclusive nothing is certain. */
export function inspectRoad(
  detector: DamageDetector,
  { picture, drivenRoad, noMarks, traffic, meta }: Background,
  signal: AbortSignal,
  { region, calibration, doubt, earlierTraffic = [] }: Circumstances = {},
): Promise<Inspected> {
  const ofBackground = meta.verdict === 'inconclusive' ? [`The background is inconclusive. ${meta.verdictReason}`] : [];
  const doubts = [...ofBackground, ...(doubt === undefined ? [] : [doubt])];
  const scale = fitScale([traffic, ...earlierTraffic]);
  return inspectPicture(detector, picture, { drivenRoad, region, calibration, scale, signal }, doubts, noMarks);
}

/**
 * Looks for damage on a picture of which nothing else is known, and judges what was found.
 * @param doubts of others, a sentence each
 * @param noMarks where nothing is to be marked, a grid over the picture
 */
export async function inspectPicture(
  detector: DamageDetector,
  picture: Picture,
  options: DetectOptions,
  doubts: readonly string[] = [],
  noMarks?: Mask,
): Promise<Inspected> {
  const found = await detector.detect(picture, options);
  const marks = noMarks === undefined ? found : withoutMarksOn(found, noMarks);
  const unseen = await doubtOfClarity(picture);
  const roadBy = roadByOf(roadHintOf(options.drivenRoad, options.region));
  const analysis = judge(marks, roadBy, [...doubts, ...(unseen === undefined ? [] : [unseen])]);
  return { analysis, vehicles: marks.vehicles };
}
