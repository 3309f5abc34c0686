import type { Point } from './hull.js';

/** Neighbours of a cell, clockwise from the one above. */
const AROUND: readonly Point[] = [
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
];

/** A set of cells, thinned to lines one cell wide that are connected as it was. */
export interface Skeleton {
  /** Indices on the grid of the cells it was made of. */
  cells: ReadonlySet<number>;
  /** Columns of that grid. */
  width: number;
}

/** Thins cells to their middle lines (Zhang and Suen, 1984). */
export function skeletonOf(cells: readonly number[], width: number): Skeleton {
  const left = new Set(cells);
  for (let changed = true; changed;) {
    changed = false;
    for (const pass of [0, 1] as const) {
      const gone = [...left].filter((cell) => isOutside(cell, left, width, pass));
      for (const cell of gone) left.delete(cell);
      changed ||= gone.length > 0;
    }
  }
  return { cells: left, width };
}

/** The neighbours of a cell that belong to a skeleton. */
export function neighboursIn({ cells, width }: Skeleton, cell: number): number[] {
  return ringOf(cell, width).filter((other) => cells.has(other));
}

/**
 * The longest of the shortest ways between two cells of a skeleton that hang together with `start`, from end to end; exact
 * where it has no loops.
 */
export function longestWay(skeleton: Skeleton, start: number): number[] {
  const [end] = wayFrom(skeleton, start);
  return wayFrom(skeleton, end!);
}

/** The way from the cell that is farthest from `start` back to it. */
function wayFrom(skeleton: Skeleton, start: number): number[] {
  const before = new Map<number, number | undefined>([[start, undefined]]);
  let last = start;
  for (const cell of before.keys()) {
    last = cell;
    for (const next of neighboursIn(skeleton, cell)) if (!before.has(next)) before.set(next, cell);
  }
  const way: number[] = [];
  for (let cell: number | undefined = last; cell !== undefined; cell = before.get(cell)) way.push(cell);
  return way;
}

/** Those outside the grid are -1. */
function ringOf(cell: number, width: number): number[] {
  const x = cell % width;
  return AROUND.map(([dx, dy]) => (x + dx < 0 || x + dx >= width ? -1 : cell + dy * width + dx));
}

function isOutside(cell: number, set: ReadonlySet<number>, width: number, pass: 0 | 1): boolean {
  const ring = ringOf(cell, width).map((other) => set.has(other));
  const count = ring.filter(Boolean).length;
  if (count < 2 || count > 6) return false;
  const turns = ring.filter((isSet, i) => !isSet && ring[(i + 1) % ring.length]).length;
  if (turns !== 1) return false;
  const [up, , right, , down, , left] = ring;
  return pass === 0
    ? !(up && right && down) && !(right && down && left)
    : !(up && right && left) && !(up && down && left);
}
