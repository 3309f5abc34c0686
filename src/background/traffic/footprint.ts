import type { RowPiece } from './bodies.js';

/** Where a vehicle stands in a look, in cells. */
export interface Footprint {
  left: number;
  /** The first cell right of it. */
  right: number;
  top: number;
  /** The first row below what it stands on. */
  bottom: number;
  /** Where its lower edge is. */
  footLeft: number;
  footRight: number;
  /** The first row below all of it. */
  end: number;
  cells: number;
}

/** What has fewer cells is nothing. */
const SPECK = 9;

/** Smaller than this is not measured. Cells. */
const LEAST_WIDTH = 9;

/** Height to width of a vehicle seen from a camera above the road; outside are parts, and vehicles side by side. */
const LOWEST = 0.4;
const HIGHEST = 3;

/** A vehicle fills at least this share of its box. */
const LEAST_FILLED = 0.5;

/** Its lower edge is as wide as this share of it; what hangs lower is a wheel or a remnant of shadow. */
const FOOT_SHARE = 0.5;

/** Its lower edge is looked for in so many rows above, as a share of its width: a vehicle seen obliquely leans. */
const FOOT_ROWS = 0.2;

/**
 * Measures a body. Its lower edge is what stands on the road: the whole is wider, by its flank and its height.
 * @param pieces from the top on
 * @returns undefined for a speck
 */
export function footprintOf(pieces: readonly RowPiece[]): Footprint | undefined {
  const cells = pieces.reduce((sum, { from, until }) => sum + until - from, 0);
  if (cells < SPECK) return undefined;
  const { top, from, until } = extents(pieces);
  const left = from.reduce((least, x) => Math.min(least, x));
  const right = until.reduce((most, x) => Math.max(most, x));
  const width = right - left;
  let foot = until.length - 1;
  while (until[foot]! - from[foot]! < FOOT_SHARE * width && foot > 0) foot--;
  let [footLeft, footRight] = [right, 0];
  for (let row = foot; row >= Math.max(0, foot - Math.round(FOOT_ROWS * width)); row--) {
    footLeft = Math.min(footLeft, from[row]!);
    footRight = Math.max(footRight, until[row]!);
  }
  return { left, right, top, bottom: top + foot + 1, footLeft, footRight, end: top + until.length, cells };
}

/** Whether a body has the shape of a vehicle, and only its upper edge may be cut off by the grid's. */
export function isWholeVehicle(
  { left, right, top, end, cells }: Footprint,
  grid: { width: number; height: number },
): boolean {
  if (left === 0 || right === grid.width || end === grid.height) return false;
  const [width, height] = [right - left, end - top];
  const isShaped = height >= LOWEST * width && height <= HIGHEST * width;
  return width >= LEAST_WIDTH && isShaped && cells >= LEAST_FILLED * width * height;
}

/** The first cell of each row from the top on, and the first after the last. */
function extents(pieces: readonly RowPiece[]): { top: number; from: number[]; until: number[] } {
  const top = pieces[0]!.row;
  const [from, until]: [number[], number[]] = [[], []];
  for (const piece of pieces) {
    const y = piece.row - top;
    from[y] = Math.min(from[y] ?? piece.from, piece.from);
    until[y] = Math.max(until[y] ?? piece.until, piece.until);
  }
  return { top, from, until };
}
