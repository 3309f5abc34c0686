import { polygonAreaOf } from './polygon-area.js';
import type { Point } from './hull.js';

/** One side of a cell, walked so that the cell lies to the right. */
interface Side {
  from: Point;
  to: Point;
}

/**
 * The outer boundary of a connected set of cells, closed, along their sides, corners only. Holes are not in it. Of a set
 * that is not connected it is that of the part with the longest reach.
 */
export function contourOf(cells: readonly number[], width: number): Point[] {
  const sides = new Map<string, Side[]>();
  for (const side of sidesOf(cells, width)) {
    const key = String(side.from);
    sides.set(key, [...(sides.get(key) ?? []), side]);
  }
  let outer: Point[] = [];
  for (let loop = takeLoop(sides); loop.length > 0; loop = takeLoop(sides)) {
    if (polygonAreaOf(loop) > polygonAreaOf(outer)) outer = loop;
  }
  return outer.filter((point, i) => isCorner(outer.at(i - 1)!, point, outer[(i + 1) % outer.length]!));
}

function* sidesOf(cells: readonly number[], width: number): Generator<Side> {
  const set = new Set(cells);
  for (const cell of cells) {
    const x = cell % width;
    const y = (cell - x) / width;
    if (!set.has(cell - width)) yield { from: [x, y], to: [x + 1, y] };
    if (x === width - 1 || !set.has(cell + 1)) yield { from: [x + 1, y], to: [x + 1, y + 1] };
    if (!set.has(cell + width)) yield { from: [x + 1, y + 1], to: [x, y + 1] };
    if (x === 0 || !set.has(cell - 1)) yield { from: [x, y + 1], to: [x, y] };
  }
}

/** Takes one closed walk out of the sides; empty when none is left. */
function takeLoop(sides: Map<string, Side[]>): Point[] {
  const [start] = sides.values();
  if (start === undefined) return [];
  const loop: Point[] = [];
  let side: Side | undefined = start[0];
  while (side !== undefined) {
    loop.push(side.from);
    const before: Side = side;
    drop(sides, before);
    side = leftmost(sides.get(String(before.to)) ?? [], before);
  }
  return loop;
}

function drop(sides: Map<string, Side[]>, side: Side): void {
  const key = String(side.from);
  const left = sides.get(key)!.filter((other) => other !== side);
  if (left.length === 0) sides.delete(key);
  else sides.set(key, left);
}

/** Where cells touch at a corner only, the walk goes on to the other cell: they are one region. */
function leftmost(next: readonly Side[], { from, to }: Side): Side | undefined {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return next.find((side) => side.to[0] - to[0] === dy && side.to[1] - to[1] === -dx) ?? next[0];
}

function isCorner([ax, ay]: Point, [x, y]: Point, [bx, by]: Point): boolean {
  return (x - ax) * (by - y) !== (y - ay) * (bx - x);
}
