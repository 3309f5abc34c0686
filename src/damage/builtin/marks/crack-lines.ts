import type { Point } from '../../../picture/geometry/hull.js';
import { close, emptyMask, fillHoles, regionsOf, type Mask } from '../../../picture/mask.js';
import { simplified } from '../../../picture/geometry/simplify.js';
import { longestWay, neighboursIn, skeletonOf, type Skeleton } from '../../../picture/geometry/skeleton.js';
import type { Region } from './regions.js';

/** A region of the crack map as one crack: its cells, and the line along them. */
export interface CrackLine {
  region: Region;
  /** Middles of cells from one end to the other; undefined of a net of cracks, which has no such line. */
  line: Point[] | undefined;
}

/** Gaps of up to twice this are bridged. cells */
const REACH = 1;

/** Lines are simplified by so much. cells */
const TOLERANCE = 0.75;

/** A side branch from this length on is a crack of its own. cells */
const LEAST_BRANCH = 10;

/** A turn is looked at over so many cells before and after it; from this cosine on it leads back. */
const TURN_OVER = 8;
const TURNS_BACK = -0.6;

/** Cracks that enclose so many places are a net; and so is what is that thick on average, in cells. */
const NET_MESHES = 3;
const NET_THICKNESS = 7;

/**
 * The cracks that one region of the map shows: what runs together at a fork is several cracks, what runs criss-cross is one
 * net. Every cell of the region belongs to one of them.
 */
export function crackLinesOf(region: Region, width: number, regionOf: (cells: number[]) => Region): CrackLine[] {
  const skeleton = skeletonOf(bridged(region.cells, width), width);
  const ways = waysOf(skeleton);
  if (isNet(region, skeleton)) return [{ region, line: undefined }];
  const lines = ways.filter((way, i) => i === 0 || way.length >= LEAST_BRANCH).flatMap((way) => cutAtTurns(way, width));
  const shares = shared(region.cells, lines, width);
  return lines.map((way, i) => ({
    region: lines.length === 1 ? region : regionOf(shares[i]!),
    line: simplified(
      way.map((cell) => middleOf(cell, width)),
      TOLERANCE,
    ),
  }));
}

function isNet({ cells }: Region, skeleton: Skeleton): boolean {
  return cells.length > NET_THICKNESS * skeleton.cells.size || meshesOf(cells, skeleton.width) >= NET_MESHES;
}

/** The cells, and those of small gaps between them: pieces that lie close are one crack. */
function bridged(cells: readonly number[], width: number): number[] {
  const closed = close(maskOf(cells, width), REACH).data;
  return [...closed.keys()].filter((cell) => closed[cell] === 1);
}

/** A grid that ends with the lowest of the cells, and some more. */
function maskOf(cells: readonly number[], width: number): Mask {
  const lowest = cells.reduce((most, cell) => Math.max(most, cell), 0);
  const mask = emptyMask(width, Math.floor(lowest / width) + 1 + 2 * REACH);
  for (const cell of cells) mask.data[cell] = 1;
  return mask;
}

/** How many places the cells enclose. */
function meshesOf(cells: readonly number[], width: number): number {
  const mask = maskOf(cells, width);
  const filled = fillHoles(mask);
  return regionsOf({ ...filled, data: filled.data.map((cell, i) => cell - mask.data[i]!) }).length;
}

/** The longest way through each part, then through what it leaves, the longest first. */
function waysOf({ cells, width }: Skeleton): number[][] {
  const left = new Set(cells);
  const ways: number[][] = [];
  while (left.size > 0) {
    const [start] = left;
    const way = longestWay({ cells: left, width }, start!);
    ways.push(way);
    for (const cell of way) left.delete(cell);
    // What clings to the way is its own roughness.
    for (const cell of way) for (const beside of neighboursIn({ cells: left, width }, cell)) left.delete(beside);
  }
  return ways.sort((a, b) => b.length - a.length);
}

/** A crack wanders, but it does not turn back: where the way does, one crack meets another. */
function cutAtTurns(way: number[], width: number): number[][] {
  let [sharpest, at] = [TURNS_BACK, 0];
  for (let i = LEAST_BRANCH; i < way.length - LEAST_BRANCH; i++) {
    const [before, here, after] = [i - TURN_OVER, i, i + TURN_OVER].map((k) => middleOf(way[k]!, width));
    const bend = cosineOf(before!, here!, after!);
    if (bend < sharpest) [sharpest, at] = [bend, i];
  }
  return at === 0 ? [way] : [...cutAtTurns(way.slice(0, at), width), ...cutAtTurns(way.slice(at), width)];
}

/** Of the angle between the directions to and from a point: 1 straight on, -1 back. */
function cosineOf([ax, ay]: Point, [x, y]: Point, [bx, by]: Point): number {
  const [ux, uy, vx, vy] = [x - ax, y - ay, bx - x, by - y];
  return (ux * vx + uy * vy) / Math.max(Number.EPSILON, Math.hypot(ux, uy) * Math.hypot(vx, vy));
}

/** Gives each cell to the line that is nearest along the cells. */
function shared(cells: readonly number[], lines: readonly number[][], width: number): number[][] {
  const whole = { cells: new Set(cells), width };
  const owner = new Map<number, number>();
  lines.forEach((line, i) => line.forEach((cell) => owner.set(cell, i)));
  for (const cell of owner.keys()) {
    for (const next of neighboursIn(whole, cell)) if (!owner.has(next)) owner.set(next, owner.get(cell)!);
  }
  const shares = lines.map((): number[] => []);
  // Pieces that only nearness makes part of the region go with the longest line.
  for (const cell of cells) shares[owner.get(cell) ?? 0]!.push(cell);
  return shares;
}

function middleOf(cell: number, width: number): Point {
  return [(cell % width) + 0.5, Math.floor(cell / width) + 0.5];
}
