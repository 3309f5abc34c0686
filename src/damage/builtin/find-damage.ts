import type { Mask } from '../../picture/mask.js';
import { mainAxisOf } from '../../picture/geometry/main-axis.js';
import type { HeatMaps } from './heat-maps.js';
import { chains, peaks, type Region } from './regions.js';

/**
 * Thresholds of the model card (`models/MODEL_CARD.md`): chosen on its validation pictures and on held-out drawings.
 * Potholes have to begin and to peak that high; below the score a region is no detection.
 */
export const POTHOLE = { low: 0.8, high: 0.9, score: 0.976 } as const;

/**
 * The card's threshold of crack cells is 0.5. Boxes are drawn around what is surer than that: they are tighter, and of
 * eighty drawn sound roads two have a box instead of five (`npm run eval:sound`).
 */
export const CRACK = { cell: 0.5, low: 0.7, high: 0.8 } as const;

/** Above it the model takes a cell for road. */
export const LANE = 0.5;

/** The card's smallest pothole: two of 128 x 80 cells, as a share of the picture. */
const SMALLEST_POTHOLE = 2 / (128 * 80);

/** Pieces of a crack that lie so far apart are one, cells. */
const REACH = 1;

/** A crack covers at least this share of the picture: what is smaller may be a manhole, a leaf's shadow, a joint. */
const SMALLEST_CRACK = 30 / (192 * 120);

/** As straight as this share of its length, and as thin as so many cells, a line is the shadow of a pole or a joint. */
const RULED_BEND = 0.035;
const RULED_THICKNESS = 3;

/** What was found on the heat maps. */
export interface FoundDamage {
  potholes: Region[];
  cracks: Region[];
}

/**
 * Finds the damage on the road.
 * @param road one cell for each of the maps
 * @param potholeScore least score of a pothole; evaluations lower it to draw the whole curve
 */
export function findDamage(maps: HeatMaps, road: Mask, potholeScore: number = POTHOLE.score): FoundDamage {
  const { width, height } = maps;
  const cells = width * height;
  const potholes = peaks({ width, height, data: maps.pothole }, POTHOLE.low, POTHOLE.high)
    .filter((region) => region.cells.length >= Math.round(SMALLEST_POTHOLE * cells))
    .filter((region) => region.score >= potholeScore && liesOn(road, region));
  const onRoad = maps.crack.map((value, cell) => (road.data[cell] === 1 ? value : 0));
  const cracks = chains({ width, height, data: onRoad }, CRACK.low, CRACK.high, REACH)
    .filter((region) => region.cells.length >= SMALLEST_CRACK * cells)
    .filter((region) => !isRuled(region, width));
  return { potholes, cracks };
}

function isRuled({ cells }: Region, width: number): boolean {
  const { length, bend } = mainAxisOf(cells, width);
  return bend < RULED_BEND * length && cells.length < RULED_THICKNESS * length;
}

/** The middle of its box decides, as in the card's evaluation. */
function liesOn(road: Mask, { cells }: Region): boolean {
  const { left, top, right, bottom } = extentOf(cells, road.width);
  return road.data[Math.floor((top + bottom) / 2) * road.width + Math.floor((left + right) / 2)] === 1;
}

/** The box around cells of a grid; right and bottom are exclusive. */
export function extentOf(cells: readonly number[], width: number) {
  const extent = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  for (const cell of cells) {
    const x = cell % width;
    const y = (cell - x) / width;
    extent.left = Math.min(extent.left, x);
    extent.top = Math.min(extent.top, y);
    extent.right = Math.max(extent.right, x + 1);
    extent.bottom = Math.max(extent.bottom, y + 1);
  }
  return extent;
}
