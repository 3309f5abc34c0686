import type { Point } from '../../picture/geometry/hull.js';
import { simplified } from '../../picture/geometry/simplify.js';
import { longestWay, neighboursIn, skeletonOf, type Skeleton } from '../../picture/geometry/skeleton.js';
import type { Region } from './regions.js';

/** A region of the crack map as one crack: its cells, and the line along them. */
export interface CrackLine {
  region: Region;
  /** Middles of cells from one end to the other; undefined of a net of cracks, which has no such line. */
  line: Point[] | undefined;
}

/** Lines are simplified by so much. cells */
const TOLERANCE = 0.75;

/** A side branch from this length on is a crack of its own. cells */
const LEAST_BRANCH = 10;

/** More lines than so many times the longest one are a net. */
const NET_FACTOR = 3;

/** So is what has this thickness on average. cells */
const NET_THICKNESS = 5;

/**
 * The cracks that one region of the map shows: what runs together at a fork is several cracks, what runs criss-cross is one
 * net. Every cell of the region belongs to one of them.
 */
export function crackLinesOf(region: Region, width: number, regionOf: (cells: number[]) => Region): CrackLine[] {
  const skeleton = skeletonOf(region.cells, width);
  const ways = waysOf(skeleton);
  const [longest = []] = ways;
  if (isNet(region, skeleton, longest)) return [{ region, line: undefined }];
  const lines = ways.filter((way, i) => i === 0 || way.length >= LEAST_BRANCH);
  const shares = shared(region.cells, lines, width);
  return lines.map((way, i) => ({
    region: lines.length === 1 ? region : regionOf(shares[i]!),
    line: simplified(
      way.map((cell) => middleOf(cell, width)),
      TOLERANCE,
    ),
  }));
}

function isNet({ cells }: Region, skeleton: Skeleton, longest: readonly number[]): boolean {
  return skeleton.cells.size > NET_FACTOR * longest.length || cells.length > NET_THICKNESS * longest.length;
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
