import { dilate, emptyMask, type Mask } from '../../../picture/mask.js';
import { mainAxisOf } from '../../../picture/geometry/main-axis.js';
import type { HeatMaps } from '../heat-maps.js';
import { crackLinesOf, type CrackLine } from './crack-lines.js';
import { chains, peaks, regionOf, type HeatMap, type Region } from './regions.js';
import type { RegionRule, RoadModel } from '../road-model.js';

/** Pieces of a crack that lie so far apart are one, cells. */
const REACH = 1;

/** As straight as this share of its length, and as thin as so many cells, a line is the shadow of a pole or a joint. */
const RULED_BEND = 0.035;
const RULED_THICKNESS = 3;

/** A damage that was found on the heat maps. */
export interface FoundDamage {
  /** D20 is a net of cracks; `damage`: both maps show it, so it may be a crack or a pothole. */
  kind: 'D20' | 'D40' | 'crack' | 'damage';
  region: Region;
  /** Of a crack that is no net: along it, from end to end. cells */
  line?: CrackLine['line'];
}

/** Where the crack map is this share as hot as the pothole map, the kind cannot be told. */
const TELLS_APART = 0.6;

/** The crack map is hot around potholes, too. cells */
const RIM = 1;

/**
 * Finds the damage on the road.
 * @param road one cell for each of the maps
 */
export function findDamage(
  maps: HeatMaps,
  road: Mask,
  { pothole, crack }: Pick<RoadModel, 'pothole' | 'crack'>,
): FoundDamage[] {
  const { width, height } = maps;
  const potholes = peaks({ width, height, data: maps.pothole }, pothole.low, pothole.high)
    .filter((region) => liesOn(road, region))
    // What reaches over the edge of the road counts as far as the edge.
    .map((region) => ({ ...region, cells: region.cells.filter((cell) => road.data[cell] === 1) }))
    .filter((region) => isEnough(region, pothole, width * height));
  const crackMap = crackMapOf(maps, road, potholes);
  const cracks = chains(crackMap, crack.low, crack.high, REACH)
    .filter((region) => isEnough(region, crack, width * height))
    .flatMap((region) => crackLinesOf(region, width, (cells) => regionOf(cells, crackMap)))
    .filter(({ region }) => !isRuled(region, width));
  return [
    ...potholes.map((region): FoundDamage => ({ kind: kindOf(region, maps), region })),
    ...cracks.map((crack): FoundDamage => ({ kind: crack.line === undefined ? 'D20' : 'crack', ...crack })),
  ];
}

function isEnough({ cells, score }: Region, rule: RegionRule, all: number): boolean {
  return score >= rule.score && cells.length >= Math.max(1, Math.round(rule.leastShare * all));
}

/** A pothole, unless the crack map is nearly as hot there. */
function kindOf({ cells }: Region, { pothole, crack }: HeatMaps): 'D40' | 'damage' {
  const sum = (map: Float32Array) => cells.reduce((total, cell) => total + map[cell]!, 0);
  return sum(crack) >= TELLS_APART * sum(pothole) ? 'damage' : 'D40';
}

/** The crack map where there is road, and no pothole: the rim of a pothole is no crack. */
function crackMapOf({ width, height, crack }: HeatMaps, road: Mask, potholes: readonly Region[]): HeatMap {
  const holes = emptyMask(width, height);
  for (const { cells } of potholes) for (const cell of cells) holes.data[cell] = 1;
  const rims = dilate(holes, RIM).data;
  return { width, height, data: crack.map((value, cell) => (road.data[cell] === 1 && rims[cell] === 0 ? value : 0)) };
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
