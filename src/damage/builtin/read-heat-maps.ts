import { shareOf, type Mask } from '../../picture/mask.js';
import { lightOf, meanOf, QUEUE_SHARE } from '../../background/quality.js';
import { scaledBox } from '../../picture/geometry/box.js';
import type { Detection, PictureMarks, Severity } from '../damage-detector.js';
import type { Point } from '../../picture/geometry/hull.js';
import { lengthOf } from '../../picture/geometry/simplify.js';
import { boundaryOf } from './marks/boundary.js';
import { mainAxisOf } from '../../picture/geometry/main-axis.js';
import type { RoadHint } from '../road-hint.js';
import { crackSeverity, potholeSeverity, roadWidthAt } from '../severity.js';
import { doubtOfPlenty } from '../verdict.js';
import { confidenceOf } from './confidence.js';
import { extentOf, findDamage, type FoundDamage } from './marks/find-damage.js';
import type { HeatMaps } from './heat-maps.js';
import type { Region } from './marks/regions.js';
import { roadOf } from './road.js';
import type { RoadModel } from './road-model.js';
import { withoutVehicles } from './vehicles.js';

/** What is known of a picture beside its heat maps. */
export interface PictureFacts {
  hint: RoadHint | undefined;
  /** Mean luma, 0..255. */
  meanLuma: number;
  /** px, of the picture that the answer is about. */
  image: { width: number; height: number };
}

/** The pictures the model was trained on have cracks on up to a quarter of the lane; more is no road it knows. */
const IMPLAUSIBLE_SHARE = 0.35;

const NIGHT = 'It is night, which the model has never seen: ignore the marks.';

/** Turns heat maps into detections and doubts. */
export function readHeatMaps(
  maps: HeatMaps,
  model: RoadModel,
  { hint, meanLuma, image }: PictureFacts,
): Omit<PictureMarks, 'detector'> {
  const road = roadOf(maps, model, hint);
  const seen = withoutVehicles(road.mask, maps, model);
  const found = findDamage(maps, seen.road, model);
  const describe = describer(road.mask, image, model);
  const detections = found
    .map((damage) => describe(damage, severityOf(damage, road.mask)))
    .sort((a, b) => b.confidence - a.confidence);
  const damagedRoadShare = sharedBy(
    found.map(({ region }) => region),
    road.mask,
  );
  const doubts = [road.doubt, lightOf(meanLuma) === 'night' ? NIGHT : null, doubtOfVehicles(seen.hiddenShare)].filter(
    (doubt) => doubt !== null,
  );
  return {
    grounds: road.grounds,
    doubts: [...doubtOfPlenty(damagedRoadShare, IMPLAUSIBLE_SHARE), ...doubts],
    detections,
    damagedRoadShare,
    roadShare: shareOf(road.mask),
    ...(seen.vehicles && { vehicles: seen.vehicles, hiddenRoadShare: round(seen.hiddenShare) }),
    image,
  };
}

/** Mean luma (ITU-R BT.601) of interleaved colours. */
export function meanLumaOf(rgb: Uint8Array): number {
  const luma = new Uint8Array(rgb.length / 3);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3) {
    luma[i] = 0.299 * rgb[p]! + 0.587 * rgb[p + 1]! + 0.114 * rgb[p + 2]!;
  }
  return meanOf(luma);
}

function doubtOfVehicles(hiddenShare: number): string | null {
  return hiddenShare > QUEUE_SHARE ? `Vehicles hide ${Math.round(100 * hiddenShare)} % of the road.` : null;
}

function round(share: number): number {
  return Math.round(10_000 * share) / 10_000;
}

function describer({ width, height }: Mask, image: PictureFacts['image'], model: RoadModel) {
  const [scaleX, scaleY] = [image.width / width, image.height / height];
  return ({ kind, region: { cells, score }, line }: FoundDamage, severity: Severity): Detection => {
    const { reliability } = kind === 'crack' || kind === 'D20' ? model.crack : model.pothole;
    const inPx = ([x, y]: Point): Point => [x * scaleX, y * scaleY];
    const { left, top, right, bottom } = extentOf(cells, width);
    const box = scaledBox({ x: left, y: top, width: right - left, height: bottom - top }, scaleX, scaleY);
    return {
      class: kind,
      confidence: Math.round(100 * confidenceOf(score, reliability)) / 100,
      box,
      boxNormalized: scaledBox(box, 1 / image.width, 1 / image.height),
      areaPx: Math.round(cells.length * scaleX * scaleY),
      severity,
      outline: boundaryOf(cells, { width, height }).map(inPx),
      ...(line && lineIn(line.map(inPx))),
    };
  };
}

function lineIn(line: Point[]): Pick<Detection, 'line' | 'lengthPx'> {
  return { line, lengthPx: Math.round(lengthOf(line)) };
}

function severityOf({ kind, region, line }: FoundDamage, road: Mask): Severity {
  return kind === 'crack' || kind === 'D20' ? severityOfCrack(region, line, road) : severityOfPothole(region, road);
}

function severityOfCrack({ cells }: Region, line: Point[] | undefined, road: Mask): Severity {
  const length = line === undefined ? mainAxisOf(cells, road.width).length : lengthOf(line);
  const { bottom } = extentOf(cells, road.width);
  return crackSeverity(length, roadWidthAt(road, bottom - 1), line === undefined);
}

function severityOfPothole({ cells }: Region, road: Mask): Severity {
  const { left, right, bottom } = extentOf(cells, road.width);
  return potholeSeverity(right - left, roadWidthAt(road, bottom - 1));
}

/** The share of the road that regions cover; what two of them share counts once. */
function sharedBy(regions: readonly Region[], road: Mask): number {
  const marked = new Set(regions.flatMap(({ cells }) => cells));
  const roadCells = road.data.reduce((sum, cell) => sum + cell, 0);
  return Math.min(1, marked.size / Math.max(1, roadCells));
}
