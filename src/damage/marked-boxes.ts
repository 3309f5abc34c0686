import { type Box, scaledBox } from '../picture/geometry/box.js';
import { emptyMask, shareOf, stretch, type Mask } from '../picture/mask.js';
import type { DamageClass, Detection, PictureMarks, Severity } from './damage-detector.js';
import { both, type RoadHint } from './road-hint.js';
import { crackSeverity, potholeSeverity, roadWidthAt } from './severity.js';
import { doubtOfPlenty } from './verdict.js';

/** One damage in px of the picture. */
export interface MarkedBox {
  box: Box;
  class: DamageClass;
  score: number;
}

/** The grid on which road and damage are compared: cells across and down. */
const GRID = { width: 160, height: 90 } as const;

/** Boxes hold more sound road than damage; if they cover more than this share of the road, they mark something else. */
const IMPLAUSIBLE_SHARE = 0.6;

/**
 * Turns boxes into detections: only those whose middle lies on the road.
 * @param doubts reasons of the detector's own to take nothing as fact: sentences
 */
export function marksOfBoxes(
  sightings: readonly MarkedBox[],
  image: { width: number; height: number },
  hint?: RoadHint,
  doubts: readonly string[] = [],
): Omit<PictureMarks, 'detector'> {
  const { mask, grounds } = roadOf(hint);
  const inCells = (box: Box) => scaledBox(box, mask.width / image.width, mask.height / image.height);
  const onRoad = sightings.filter(({ box }) => mask.data[middleOf(inCells(box))] === 1);
  const damagedRoadShare = coveredShare(
    onRoad.map(({ box }) => inCells(box)),
    mask,
  );
  return {
    grounds,
    doubts: [...doubtOfPlenty(damagedRoadShare, IMPLAUSIBLE_SHARE), ...doubts],
    detections: onRoad.map((sighting) =>
      detectionOf(sighting, severityOf(sighting, inCells(sighting.box), mask), image),
    ),
    damagedRoadShare,
    roadShare: shareOf(mask),
    image,
  };
}

function roadOf(hint?: RoadHint): { mask: Mask; grounds: string } {
  if (hint !== undefined) return { mask: stretch(hint.mask, GRID.width, GRID.height), grounds: hint.grounds };
  const everywhere = emptyMask(GRID.width, GRID.height);
  everywhere.data.fill(1);
  return { mask: everywhere, grounds: 'No traffic showed where the road is: boxes anywhere in the picture count.' };
}

function middleOf({ x, y, width, height }: Box): number {
  const column = Math.min(GRID.width - 1, Math.floor(x + width / 2));
  return Math.min(GRID.height - 1, Math.floor(y + height / 2)) * GRID.width + column;
}

function coveredShare(boxes: readonly Box[], road: Mask): number {
  const covered = emptyMask(road.width, road.height);
  for (const { x, y, width, height } of boxes) {
    for (let row = Math.floor(y); row < Math.min(road.height, y + height); row++) {
      const from = row * road.width;
      covered.data.fill(1, from + Math.floor(x), from + Math.min(road.width, Math.ceil(x + width)));
    }
  }
  return shareOf(road) === 0 ? 0 : shareOf(both(covered, road)) / shareOf(road);
}

function severityOf({ class: kind }: MarkedBox, { y, width, height }: Box, road: Mask): Severity {
  const roadWidth = roadWidthAt(road, y + height);
  return kind === 'D40'
    ? potholeSeverity(width, roadWidth)
    : crackSeverity(Math.max(width, height), roadWidth, kind === 'D20');
}

function detectionOf(
  { box, class: kind, score }: MarkedBox,
  severity: Severity,
  image: { width: number; height: number },
): Detection {
  return {
    class: kind,
    confidence: Math.round(100 * score) / 100,
    box,
    boxNormalized: scaledBox(box, 1 / image.width, 1 / image.height),
    areaPx: Math.round(box.width * box.height),
    severity,
  };
}
