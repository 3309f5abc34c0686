import { shareOf } from '../../picture/mask.js';
import { scaledBox } from '../../picture/geometry/box.js';
import type { Detection, PictureMarks } from '../damage-detector.js';
import type { RoadHint } from '../road-hint.js';
import { doubtOfPlenty } from '../verdict.js';
import { cracksOf, type Crack } from './crack-shapes.js';
import { findCrackPixels, scaled } from './find-cracks.js';
import { judgeable, roadAreaOf } from './road-area.js';

/** What the thread is given: the picture at the size it is searched in. */
export interface CrackSearch {
  /** px */
  width: number;
  /** px */
  height: number;
  rgb: Uint8Array;
  hint: RoadHint | undefined;
  /** px, of the picture that the answer is about. */
  image: { width: number; height: number };
}

/** px at 720 px of height that are not judged along the road's border, where kerbs and verges look like cracks. */
const BORDER_MARGIN = 9;

/** No real road has cracks on so much of it and is still driven on. */
const IMPLAUSIBLE_SHARE = 0.08;

/** Searches one picture for cracks. */
export function searchCracks(search: CrackSearch): Omit<PictureMarks, 'detector'> {
  const { width, height, rgb, image } = search;
  const area = roadAreaOf(width, height, search.hint);
  const road = judgeable(area.mask, rgb, scaled(BORDER_MARGIN, height));
  const pixels = findCrackPixels({ width, height, data: greyOf(rgb) }, road);
  const cracks = cracksOf(pixels, area.mask);
  const roadShare = shareOf(road);
  const marked = cracks.reduce((sum, { areaPx }) => sum + areaPx, 0);
  const damagedRoadShare = marked / Math.max(1, roadShare * width * height);
  return {
    grounds: area.grounds,
    doubts: doubtOfPlenty(damagedRoadShare, IMPLAUSIBLE_SHARE),
    detections: cracks.map((crack) => detectionOf(crack, image.width / width, image.height / height, image)),
    damagedRoadShare,
    roadShare,
    image,
  };
}

/** Luma of ITU-R BT.601. */
function greyOf(rgb: Uint8Array): Float32Array {
  const grey = new Float32Array(rgb.length / 3);
  for (let i = 0, p = 0; i < grey.length; i++, p += 3) {
    grey[i] = 0.299 * rgb[p]! + 0.587 * rgb[p + 1]! + 0.114 * rgb[p + 2]!;
  }
  return grey;
}

function detectionOf(crack: Crack, scaleX: number, scaleY: number, image: CrackSearch['image']): Detection {
  const box = scaledBox(crack.box, scaleX, scaleY);
  return {
    class: 'crack',
    confidence: crack.confidence,
    box,
    boxNormalized: scaledBox(box, 1 / image.width, 1 / image.height),
    areaPx: Math.round(crack.areaPx * scaleX * scaleY),
    severity: crack.severity,
    outline: crack.outline.map(([x, y]) => [x * scaleX, y * scaleY]),
  };
}
