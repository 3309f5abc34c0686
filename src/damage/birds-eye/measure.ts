import type { Detection, Findings } from '../damage-detector.js';
import { crackSeverityM, potholeSeverityM } from '../severity.js';
import { crackKind, lieOf, type Lie } from './crack-kind.js';
import { polygonAreaOf } from '../../picture/geometry/polygon-area.js';
import { shapeOf } from './from-above.js';
import type { GroundPlane } from './ground-plane.js';
import { familyOf } from './merge.js';

/** The built-in detector tells this share of the picture's height apart, others about as much. */
const RESOLVED_SHARE = 1 / 120;

/** Gives every damage on the calibrated part of the road its size in metres, and what follows from it. */
export function measured(findings: Findings, plane: GroundPlane): Findings {
  const detections = findings.detections.map((detection) => inMetres(detection, plane, findings.image.height));
  const damagedAreaM2 = round(detections.reduce((sum, { areaM2 }) => sum + (areaM2 ?? 0), 0));
  return { ...findings, detections, damagedAreaM2 };
}

function inMetres(detection: Detection, plane: GroundPlane, imageHeight: number): Detection {
  const shape = shapeOf(detection);
  const onGround = shape.map((point) => plane.onGround(point)).filter((point) => point !== undefined);
  if (onGround.length < shape.length) return detection;
  const marked = Math.min(1, detection.areaPx / Math.max(1, polygonAreaOf(shape)));
  const areaM2 = marked * polygonAreaOf(onGround);
  const { across, along } = plane.resolutionAt(middleOf(detection), RESOLVED_SHARE * imageHeight);
  const sized = { ...detection, areaM2: round(areaM2), ...extentOf(onGround) };
  return judged(sized, lieOf(onGround), areaM2, Math.max(across, along));
}

/** The detector's own kind of crack stays: it looked at more than the direction. */
function judged(detection: Detection, lie: Lie, areaM2: number, resolutionM: number): Detection {
  if (familyOf(detection.class) !== 'crack') {
    return { ...detection, severity: potholeSeverityM(Math.sqrt((4 * areaM2) / Math.PI)) };
  }
  const kind = detection.class === 'crack' ? crackKind(lie, areaM2, resolutionM) : detection.class;
  return { ...detection, class: kind, severity: crackSeverityM(lie.longest, kind === 'D20' ? areaM2 : undefined) };
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
