import type { Box } from '../picture/geometry/box.js';
import type { Mask } from '../picture/mask.js';
import type { PictureMarks } from './damage-detector.js';

/** A mark goes when this share of its box lies where nothing is to be marked. */
const MOSTLY = 0.5;

/**
 * Takes marks off what is no road: where a vehicle may stand, or a text is burned into the picture. The share of the road
 * that is damaged, and its area, shrink by as much of what is marked as goes.
 * @param off a grid over the picture
 */
export function withoutMarksOn(marks: PictureMarks, off: Mask): PictureMarks {
  const detections = marks.detections.filter(({ boxNormalized }) => shareWithin(boxNormalized, off) < MOSTLY);
  if (detections.length === marks.detections.length) return marks;
  const left = areaOf(detections) / Math.max(1, areaOf(marks.detections));
  const { damagedRoadShare, damagedAreaM2 } = marks;
  const area = damagedAreaM2 === undefined ? {} : { damagedAreaM2: left * damagedAreaM2 };
  return { ...marks, detections, damagedRoadShare: left * damagedRoadShare, ...area };
}

function areaOf(detections: PictureMarks['detections']): number {
  return detections.reduce((sum, { areaPx }) => sum + areaPx, 0);
}

/** Of the cells that a box touches. */
function shareWithin(box: Box, { width, height, data }: Mask): number {
  const [left, right] = cellsOf(box.x, box.width, width);
  const [top, bottom] = cellsOf(box.y, box.height, height);
  let [set, all] = [0, 0];
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++, all++) set += data[y * width + x]!;
  return set / all;
}

function cellsOf(from: number, size: number, cells: number): [from: number, until: number] {
  const first = Math.min(cells - 1, Math.max(0, Math.floor(from * cells)));
  return [first, Math.max(first + 1, Math.min(cells, Math.ceil((from + size) * cells)))];
}
