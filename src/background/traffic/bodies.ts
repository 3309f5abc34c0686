import type { Mask } from '../../picture/mask.js';
import type { FrameOverRoad } from './frame-over-road.js';
import { Shown, type ShownTable } from './shades.js';

/** A part of a look, in cells: a rectangle, and for each of its cells whether it counts. */
export interface Part {
  left: number;
  top: number;
  cells: Mask;
}

/** A piece of a row, cells. */
export interface RowPiece {
  row: number;
  from: number;
  /** The first cell behind it. */
  until: number;
}

/**
 * The bodies of vehicles within a part of a look: what differs from the road and is no shadow. Lines thinner than three
 * cells are left out, as a shadow's edge is one.
 */
export function bodiesIn(look: FrameOverRoad, part: Part, shown: ShownTable): Mask {
  const { width, height, data } = part.cells;
  const shownAt = new Uint8Array(width * height);
  const { frame, road, cell } = look;
  for (let y = 0, i = 0; y < height; y++) {
    let pixel = look.at(part.left, part.top + y);
    for (let x = 0; x < width; x++, i++, pixel += cell) {
      if (data[i] === 1) shownAt[i] = shown[(road[pixel]! << 8) | frame[pixel]!]!;
    }
  }
  const bodies = opened(shownAt, width, height);
  fillBetween(bodies, shownAt);
  return bodies;
}

/** The squares of three by three body cells. */
function opened(shownAt: Uint8Array, width: number, height: number): Mask {
  const lines = new Uint8Array(width * height);
  const data = new Uint8Array(width * height);
  for (let cell = 1; cell < lines.length - 1; cell++) {
    if (shownAt[cell] === Shown.body && shownAt[cell - 1] === Shown.body && shownAt[cell + 1] === Shown.body)
      lines[cell] = 1;
  }
  // A line that pieces over the end of a row begins none.
  for (let cell = 0; cell < lines.length; cell += width) lines[cell] = lines[cell + width - 1] = 0;
  for (let cell = width; cell < lines.length - width; cell++) {
    if (lines[cell] === 0 || lines[cell - width] === 0 || lines[cell + width] === 0) continue;
    for (let at = cell - width - 1; at < cell + 2 * width; at += width) data[at] = data[at + 1] = data[at + 2] = 1;
  }
  return { width, height, data };
}

/** A panel may be as dark as a shadow: what lies below and above a body and is not the empty road belongs to it. */
function fillBetween({ width, data }: Mask, shownAt: Uint8Array): void {
  const above = new Int32Array(width).fill(-1);
  for (let cell = 0, x = 0; cell < data.length; cell++, x = x + 1 === width ? 0 : x + 1) {
    if (data[cell] === 1) {
      if (above[x]! >= 0) for (let gap = above[x]! + width; gap < cell; gap += width) data[gap] = 1;
      above[x] = cell;
    } else if (shownAt[cell] === Shown.road) above[x] = -1;
  }
}

/** The 8-connected regions of a mask, each as its pieces of rows from the top on: far fewer than its cells. */
export function regionPiecesOf(mask: Mask): RowPiece[][] {
  const pieces: RowPiece[] = [];
  const first: number[] = [];
  const rowStarts: number[] = [];
  const firstOf = (piece: number): number => (first[piece] === piece ? piece : (first[piece] = firstOf(first[piece]!)));
  for (let row = 0; row < mask.height; row++) {
    rowStarts.push(pieces.length);
    let above = rowStarts[row - 1] ?? 0;
    const end = pieces.length;
    for (const piece of piecesIn(mask, row)) {
      const own = pieces.push(piece) - 1;
      first.push(own);
      while (above < end && pieces[above]!.until < piece.from) above++;
      for (let i = above; i < end && pieces[i]!.from <= piece.until; i++) first[firstOf(i)] = firstOf(own);
    }
  }
  const regions = new Map<number, RowPiece[]>();
  for (const [i, piece] of pieces.entries()) {
    const key = firstOf(i);
    const region = regions.get(key);
    if (region === undefined) regions.set(key, [piece]);
    else region.push(piece);
  }
  return [...regions.values()];
}

function piecesIn({ width, data }: Mask, row: number): RowPiece[] {
  const pieces: RowPiece[] = [];
  const [start, end] = [row * width, (row + 1) * width];
  for (let cell = data.indexOf(1, start); cell >= 0 && cell < end;) {
    let until = cell;
    while (until < end && data[until] === 1) until++;
    pieces.push({ row, from: cell - start, until: until - start });
    cell = data.indexOf(1, until);
  }
  return pieces;
}
