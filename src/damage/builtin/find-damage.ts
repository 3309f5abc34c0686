import type { Mask } from '../../picture/mask.js';
import { mainAxisOf } from '../../picture/geometry/main-axis.js';
import type { HeatMaps } from './heat-maps.js';
import { crackLinesOf, type CrackLine } from './crack-lines.js';
import { chains, peaks, regionOf, type Region } from './regions.js';
import type { RegionRule, RoadModel } from './road-model.js';

/** Pieces of a crack that lie so far apart are one, cells. */
const REACH = 1;

/** As straight as this share of its length, and as thin as so many cells, a line is the shadow of a pole or a joint. */
const RULED_BEND = 0.035;
const RULED_THICKNESS = 3;

/** A damage that was found on the heat maps. */
export interface FoundDamage {
  /** `damage`: both maps show it, so it may be a crack or a pothole. */
  kind: 'D40' | 'crack' | 'damage';
  region: Region;
  /** Of a crack that is no net: along it, from end to end. cells */
  line?: CrackLine['line'];
}

/** A crack and a pothole that share this part of the smaller one are one damage. */
const SHARED = 0.3;

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
    .filter((region) => isEnough(region, pothole, width * height) && liesOn(road, region))
    .map((region) => ({ ...region, cells: region.cells.filter((cell) => road.data[cell] === 1) }));
  const onRoad = maps.crack.map((value, cell) => (road.data[cell] === 1 ? value : 0));
  const crackMap = { width, height, data: onRoad };
  const cracks = chains(crackMap, crack.low, crack.high, REACH)
    .filter((region) => isEnough(region, crack, width * height))
    .flatMap((region) => crackLinesOf(region, width, (cells) => regionOf(cells, crackMap)))
    .filter(({ region }) => !isRuled(region, width));
  return together(potholes, cracks);
}

function isEnough({ cells, score }: Region, rule: RegionRule, all: number): boolean {
  return score >= rule.score && cells.length >= Math.round(rule.leastShare * all);
}

/** One mark for what both maps show. */
function together(potholes: readonly Region[], cracks: readonly CrackLine[]): FoundDamage[] {
  const free = new Set(cracks);
  const first = potholes.map((pothole): FoundDamage => {
    const same = [...free].filter((crack) => areOne(pothole, crack.region));
    for (const crack of same) free.delete(crack);
    return same.length === 0
      ? { kind: 'D40', region: pothole }
      : { kind: 'damage', region: union([pothole, ...same.map(({ region }) => region)]) };
  });
  return [...first, ...[...free].map((crack): FoundDamage => ({ kind: 'crack', ...crack }))];
}

function areOne(a: Region, b: Region): boolean {
  const cells = new Set(a.cells);
  const shared = b.cells.filter((cell) => cells.has(cell)).length;
  return shared >= SHARED * Math.min(a.cells.length, b.cells.length);
}

function union(regions: readonly Region[]): Region {
  const cells = [...new Set(regions.flatMap((region) => region.cells))];
  const best = (value: (region: Region) => number) => Math.max(...regions.map(value));
  return { cells, score: best(({ score }) => score), peak: best(({ peak }) => peak) };
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
