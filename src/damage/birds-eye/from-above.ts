import { type Box, scaledBox } from '../../picture/geometry/box.js';
import type { Detection } from '../damage-detector.js';
import { polygonAreaOf } from '../../picture/geometry/polygon-area.js';
import { lengthOf } from '../../picture/geometry/simplify.js';
import { mapped, type Homography, type PlanePoint } from '../../picture/geometry/homography.js';
import type { PlaneView } from '../../picture/geometry/rectify.js';

/** A detection on a view from above as one on the picture; undefined when it lies outside the picture. */
export function fromAbove(
  detection: Detection,
  { toSource }: PlaneView,
  image: { width: number; height: number },
): Detection | undefined {
  const outline = shapeOf(detection).map((point) => mapped(toSource, point));
  const box = boundsOf(outline, image);
  if (box.width < 1 || box.height < 1) return undefined;
  return {
    ...detection,
    box,
    boxNormalized: scaledBox(box, 1 / image.width, 1 / image.height),
    areaPx: Math.round(detection.areaPx * areaFactor(toSource, detection.box)),
    ...(detection.outline && { outline }),
    ...(detection.line && lineFrom(detection.line, toSource)),
  };
}

function lineFrom(above: Detection['line'] & {}, toSource: Homography): Pick<Detection, 'line' | 'lengthPx'> {
  const line = above.map((point) => mapped(toSource, point));
  return { line, lengthPx: Math.round(lengthOf(line)) };
}

/** The outline of a detection, or else the corners of its box. */
export function shapeOf({ box, outline }: Pick<Detection, 'box' | 'outline'>): PlanePoint[] {
  if (outline !== undefined && outline.length > 2) return outline;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return [
    [box.x, box.y],
    [right, box.y],
    [right, bottom],
    [box.x, bottom],
  ];
}

/** How much larger what lies in a box is in the picture. */
function areaFactor(toSource: Homography, box: Box): number {
  const corners = shapeOf({ box });
  return polygonAreaOf(corners.map((corner) => mapped(toSource, corner))) / Math.max(1, polygonAreaOf(corners));
}

function boundsOf(points: readonly PlanePoint[], image: { width: number; height: number }): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const left = Math.max(0, Math.min(...xs));
  const top = Math.max(0, Math.min(...ys));
  const right = Math.min(image.width, Math.max(...xs));
  const bottom = Math.min(image.height, Math.max(...ys));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
