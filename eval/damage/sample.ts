import { type Box, scaledBox } from '../../src/picture/geometry/box.js';
import sharp from 'sharp';
import { dilate, regionsOf, type Mask } from '../../src/picture/mask.js';
import { extentOf, findDamage } from '../../src/damage/builtin/marks/find-damage.js';
import { heatMapsOf, type HeatMaps } from '../../src/damage/builtin/heat-maps.js';
import { inputSizeFor, ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import type { Region } from '../../src/damage/builtin/marks/regions.js';
import { roadOf } from '../../src/damage/builtin/road.js';
import type { Model } from '../../src/damage/model/inference.js';
import { readMask } from '../background/grey.js';
import { areaMeans } from './area-means.js';
import type { LabelledPicture } from './coco.js';
import type { ScoredBox } from './matching.js';

/** What the detector says of a picture, and what is true. Boxes in shares of the picture, 0..1. */
export interface JudgedSample {
  potholes: {
    found: ScoredBox[];
    /** also those below the score of a detection */ candidates: ScoredBox[];
    true: Box[];
  };
  cracks: { found: ScoredBox[]; true: Box[] };
  cells: CellCounts;
}

/** Cells of 8 x 8 px of a picture 1024 px wide. */
interface CellCounts {
  /** Marked as crack. */
  marked: number;
  /** Of those, on a crack or beside one. */
  right: number;
  /** With a crack in them. */
  true: number;
  /** Of those, marked or beside a marked one. */
  found: number;
}

/** The grid of crack cells in the model card. */
const GRID = { width: 128, height: 80 } as const;

/** As when the truth of the training pictures was prepared: px between the pieces of one damage, its fewest px. */
const CRACK_PIECES = { radius: 6, fewest: 30 };
const POTHOLE_PIECES = { radius: 2, fewest: 60 };

/** A cell is truly a crack when more than this share of it is. */
const CRACKED_SHARE = 15 / 255;
const LANE_SHARE = 64 / 255;

/** The card's threshold of single cells. */
const CRACK_CELL = 0.5;

/** Runs the built-in detector on `<path>_RAW.jpg` and reads the masks beside it. It finds the lane itself. */
export async function judgeSample(model: Model, path: string): Promise<JudgedSample> {
  const [crack, pothole, lane] = await Promise.all(
    ['CRACK', 'POTHOLE', 'LANE'].map((kind) => readMask(`${path}_${kind}.png`)),
  );
  const maps = await mapsOf(model, `${path}_RAW.jpg`);
  const truth = { potholes: trueBoxes(pothole!, POTHOLE_PIECES), cracks: trueBoxes(crack!, CRACK_PIECES) };
  return { ...boxesIn(maps, truth), cells: countCells(maps, crack!, lane!) };
}

/** The same for a picture on which people drew boxes: nobody says which cells are a crack. */
export async function judgeLabelled(model: Model, { file, ...truth }: LabelledPicture): Promise<JudgedSample> {
  return { ...boxesIn(await mapsOf(model, file), truth), cells: { marked: 0, right: 0, true: 0, found: 0 } };
}

async function mapsOf(model: Model, file: string): Promise<HeatMaps> {
  const image = sharp(file);
  const size = inputSizeFor(await image.metadata(), ROAD_DAMAGE.pixels);
  const resized = image.resize({ ...size, fit: 'fill', kernel: 'cubic' });
  return heatMapsOf(model, await resized.removeAlpha().raw().toBuffer(), size);
}

function boxesIn(maps: HeatMaps, truth: Pick<LabelledPicture, 'potholes' | 'cracks'>): Omit<JudgedSample, 'cells'> {
  const road = roadOf(maps, ROAD_DAMAGE).mask;
  const [potholes, cracks] = [regionsLike(maps, road, 'D40'), regionsLike(maps, road, 'crack')];
  const boxes = (regions: readonly Region[]) => regions.map((region) => boxOf(region, maps));
  const candidates = boxes(regionsLike(maps, road, 'D40', 0));
  return {
    potholes: { found: boxes(potholes), candidates, true: truth.potholes },
    cracks: { found: boxes(cracks), true: truth.cracks },
  };
}

/** What counts as a kind: what may be a crack or a pothole counts as both. */
function regionsLike(maps: HeatMaps, road: Mask, kind: 'D40' | 'crack', least = ROAD_DAMAGE.pothole.score): Region[] {
  const model = { ...ROAD_DAMAGE, pothole: { ...ROAD_DAMAGE.pothole, score: least } };
  return findDamage(maps, road, model)
    .filter(({ kind: found }) => found === kind || found === 'damage' || (kind === 'crack' && found === 'D20'))
    .map(({ region }) => region);
}

function boxOf({ cells, score }: Region, { width, height }: HeatMaps): ScoredBox {
  const { left, top, right, bottom } = extentOf(cells, width);
  return { ...scaledBox({ x: left, y: top, width: right - left, height: bottom - top }, 1 / width, 1 / height), score };
}

function trueBoxes(mask: Mask, { radius, fewest }: typeof CRACK_PIECES): Box[] {
  return regionsOf(dilate(mask, radius))
    .map((region) => region.filter((pixel) => mask.data[pixel] === 1))
    .filter((pixels) => pixels.length >= fewest)
    .map((pixels) => {
      const { left, top, right, bottom } = extentOf(pixels, mask.width);
      const box = { x: left, y: top, width: right - left, height: bottom - top };
      return scaledBox(box, 1 / mask.width, 1 / mask.height);
    });
}

function countCells(maps: HeatMaps, crack: Mask, lane: Mask): CellCounts {
  const { width, height } = maps;
  const heat = areaMeans({ width, height, data: maps.crack }, GRID);
  const laneHeat = areaMeans({ width, height, data: maps.lane }, GRID);
  const trueShare = areaMeans(crack, GRID);
  const laneShare = areaMeans(lane, GRID);
  const marked = mask((i) => heat[i]! >= CRACK_CELL && laneHeat[i]! > ROAD_DAMAGE.lane.sight);
  const real = mask((i) => trueShare[i]! > CRACKED_SHARE && laneShare[i]! > LANE_SHARE);
  return {
    marked: count(marked, marked),
    right: count(marked, dilate(real, 1)),
    true: count(real, real),
    found: count(real, dilate(marked, 1)),
  };
}

function mask(isSet: (cell: number) => boolean): Mask {
  const data = Uint8Array.from({ length: GRID.width * GRID.height }, (_, i) => (isSet(i) ? 1 : 0));
  return { ...GRID, data };
}

function count(mask: Mask, other: Mask): number {
  return mask.data.reduce((sum, cell, i) => sum + (cell & other.data[i]!), 0);
}
