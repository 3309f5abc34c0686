import type { PlanePoint } from '../../picture/geometry/homography.js';
import type { Detection, PictureMarks } from '../damage-detector.js';
import { crackSeverityM, potholeSeverityM } from '../severity.js';
import { crackKind, lieOf, type Lie } from './crack-kind.js';
import { polygonAreaOf } from '../../picture/geometry/polygon-area.js';
import { lengthOf } from '../../picture/geometry/simplify.js';
import { shapeOf } from './from-above.js';
import type { GroundPlane } from './ground-plane.js';
import { familyOf } from './merge.js';

/** The built-in detector tells this share of the picture's height apart, others about as much. */
const RESOLVED_SHARE = 1 / 120;

/** Gives every damage on the calibrated part of the road its size in metres, and what follows from it. */
export function measured(marks: PictureMarks, plane: GroundPlane): PictureMarks {
  const detections = marks.detections.map((detection) => inMetres(detection, plane, marks.image.height));
  const damagedAreaM2 = round(detections.reduce((sum, { areaM2 }) => sum + (areaM2 ?? 0), 0));
  return { ...marks, detections, damagedAreaM2 };
}

function inMetres(detection: Detection, plane: GroundPlane, imageHeight: number): Detection {
  const size = sizeOf(detection, (point) => plane.onGround(point));
  if (size === undefined) return detection;
  const { outline, exactM2: _exactM2, ...metres } = size;
  const { across, along } = plane.resolutionAt(middleOf(detection), RESOLVED_SHARE * imageHeight);
  const sized = { ...detection, ...metres, calibration: 'operator' as const };
  return judged(sized, lieOf(outline), size, Math.max(across, along));
}

/** How large a damage is on the road, m, and its outline there. */
export interface GroundSize {
  areaM2: number;
  widthM: number;
  lengthM: number;
  /** Along a crack's course, if that is known. */
  courseM?: number;
  outline: PlanePoint[];
  /** Not rounded. */
  exactM2: number;
}

/**
 * @param onGround where a point of the picture lies on the road, m
 * @returns undefined when parts of the damage lie where that is not known
 */
export function sizeOf(
  detection: Detection,
  onGround: (point: PlanePoint) => PlanePoint | undefined,
): GroundSize | undefined {
  const shape = shapeOf(detection);
  const outline = shape.map(onGround).filter((point) => point !== undefined);
  if (outline.length < shape.length) return undefined;
  const marked = Math.min(1, detection.areaPx / Math.max(1, polygonAreaOf(shape)));
  const exactM2 = marked * polygonAreaOf(outline);
  return { areaM2: round(exactM2), ...extentOf(outline), ...courseOf(detection, onGround), outline, exactM2 };
}

function courseOf(
  { line = [] }: Detection,
  onGround: (point: PlanePoint) => PlanePoint | undefined,
): Pick<GroundSize, 'courseM'> {
  const ground = line.map(onGround).filter((point) => point !== undefined);
  if (ground.length < 2 || ground.length < line.length) return {};
  return { courseM: round(lengthOf(ground)) };
}

/** The detector's own kind of crack stays: it looked at more than the direction. */
function judged(detection: Detection, lie: Lie, size: GroundSize, resolutionM: number): Detection {
  const { exactM2: areaM2, courseM = lie.longest } = size;
  if (familyOf(detection.class) !== 'crack') {
    return { ...detection, severity: potholeSeverityM(Math.sqrt((4 * areaM2) / Math.PI)) };
  }
  const kind = detection.class === 'crack' ? crackKind(lie, areaM2, resolutionM) : detection.class;
  return { ...detection, class: kind, severity: crackSeverityM(courseM, kind === 'D20' ? areaM2 : undefined) };
}

function extentOf(points: readonly (readonly [number, number])[]): { widthM: number; lengthM: number } {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { widthM: round(Math.max(...xs) - Math.min(...xs)), lengthM: round(Math.max(...ys) - Math.min(...ys)) };
}

function middleOf({ box }: Detection): [x: number, y: number] {
  return [box.x + box.width / 2, box.y + box.height / 2];
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
