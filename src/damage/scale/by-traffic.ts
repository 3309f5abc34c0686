import { shareOf, type Mask } from '../../picture/mask.js';
import { sizeOf } from '../birds-eye/measure.js';
import { familyOf } from '../birds-eye/merge.js';
import type { Detection, DetectOptions, PictureMarks, LeftOut } from '../damage-detector.js';
import { roadHintOf } from '../road-hint.js';
import { potholeSeverityM } from '../severity.js';
import { isBeyondSight, isImplausible, leastCarWidth } from './limits.js';
import { carWidthAt, uncertaintyAt, type NoScale, type RoadScale, type RoadScaleNote } from './road-scale.js';
import { TrafficGround } from './traffic-ground.js';

/**
 * What the scale by the traffic says of what was found: metres for what the operator's calibration does not reach, what lies
 * beyond sight or cannot be of its size left out, and how much of the road was near enough. Without a scale only what the
 * operator's metres rule out is left out.
 */
export function judgedByTraffic(marks: PictureMarks, { scale, drivenRoad, region }: DetectOptions): PictureMarks {
  if (scale === undefined) return withoutImpossible(marks);
  const note = noteOf(scale);
  if ('unknown' in scale) return { ...withoutImpossible(marks), roadScale: note };
  const sized = withoutImpossible(measuredByTraffic(marks, scale), scale);
  const road = roadHintOf(drivenRoad, region)?.mask;
  return { ...sized, roadScale: note, ...(road && nearEnough(road, scale, marks)) };
}

/** In shares of the picture, as rows and widths are. */
function noteOf(scale: RoadScale | NoScale): RoadScaleNote {
  if ('unknown' in scale) return scale;
  return {
    calibration: 'traffic',
    horizon: rounded(scale.horizon),
    carWidthAtBottom: rounded(carWidthAt(scale, 1)),
    uncertainty: rounded(uncertaintyAt(scale, 1)),
    samples: scale.samples,
    visits: scale.visits,
  };
}

function measuredByTraffic(marks: PictureMarks, scale: RoadScale): PictureMarks {
  const ground = new TrafficGround(scale, marks.image);
  const detections = marks.detections.map((detection) => {
    return detection.areaM2 === undefined ? inMetres(detection, ground) : detection;
  });
  const isNoneMeasured = detections.length > 0 && detections.every(({ areaM2 }) => areaM2 === undefined);
  if (isNoneMeasured) return marks;
  return { ...marks, detections, damagedAreaM2: areaOf(detections) };
}

/** Only a pothole's severity goes by its width in metres: what lies along the view is known too badly. */
function inMetres(detection: Detection, ground: TrafficGround): Detection {
  const size = sizeOf(detection, (point) => ground.onGround(point));
  if (size === undefined) return detection;
  const { areaM2, widthM, lengthM, courseM } = size;
  const { box } = detection;
  return {
    ...detection,
    ...{ areaM2, widthM, lengthM, ...(courseM !== undefined && { courseM }), calibration: 'traffic' as const },
    sizeUncertainty: ground.uncertaintyAt(box.y + box.height / 2),
    ...(familyOf(detection.class) !== 'crack' && { severity: potholeSeverityM(widthM) }),
  };
}

function withoutImpossible(marks: PictureMarks, scale?: RoadScale): PictureMarks {
  const { detections, image } = marks;
  const becauseOf = (one: Detection) => {
    if (scale !== undefined && isBeyondSight(one, scale, image.width)) return 'beyondSight';
    return isImplausible(one) ? 'implausible' : undefined;
  };
  const left = detections.filter((one) => becauseOf(one) === undefined);
  if (left.length === detections.length) return marks;
  const leftOut = detections.flatMap((one): LeftOut[] => {
    const because = becauseOf(one);
    return because === undefined ? [] : [{ class: one.class, boxNormalized: one.boxNormalized, because }];
  });
  const pxOf = (some: readonly Detection[]) => some.reduce((sum, { areaPx }) => sum + areaPx, 0);
  const share = pxOf(left) / Math.max(1, pxOf(detections));
  return {
    ...marks,
    detections: left,
    damagedRoadShare: marks.damagedRoadShare * share,
    ...(marks.damagedAreaM2 !== undefined && { damagedAreaM2: areaOf(left) }),
    leftOut,
  };
}

/** How much of the road shows potholes, if there are any. */
function nearEnough(road: Mask, scale: RoadScale, { image }: PictureMarks): Pick<PictureMarks, 'judgedRoadShare'> {
  const least = leastCarWidth('D40', image.width);
  const near = road.data.map((cell, i) => {
    const row = (Math.floor(i / road.width) + 0.5) / road.height;
    return carWidthAt(scale, row) >= least ? cell : 0;
  });
  const judgedRoadShare = shareOf({ ...road, data: near }) / Math.max(Number.EPSILON, shareOf(road));
  return { judgedRoadShare: rounded(judgedRoadShare) };
}

function areaOf(detections: readonly Detection[]): number {
  return Math.round(100 * detections.reduce((sum, { areaM2 }) => sum + (areaM2 ?? 0), 0)) / 100;
}

function rounded(value: number): number {
  return Math.round(1_000 * value) / 1_000;
}
