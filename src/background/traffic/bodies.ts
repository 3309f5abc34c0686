import { emptyMask, type Mask } from '../../picture/mask.js';
import type { FrameOverRoad } from './frame-over-road.js';
import type { ShadeTable } from './shades.js';

/** A part of a look, in cells: a rectangle, and for each of its cells whether it counts. */
export interface Part {
  left: number;
  top: number;
  cells: Mask;
}

/**
 * The bodies of vehicles within a part of a look: what differs from the road and is no shadow. Lines thinner than three
 * cells are left out, as a shadow's edge is one.
 */
export function bodiesIn(look: FrameOverRoad, part: Part, isShadow: ShadeTable): Mask {
  const { width, height } = part.cells;
  const other = emptyMask(width, height);
  const body: number[] = [];
  const isBody = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    let pixel = look.at(part.left, part.top + y);
    for (let x = 0; x < width; x++, i++, pixel += look.cell) {
      if (part.cells.data[i] === 0 || !look.isOther(pixel)) continue;
      other.data[i] = 1;
      if (isShadow(look.lightAt(pixel))) continue;
      isBody[i] = 1;
      body.push(i);
    }
  }
  const bodies = opened(isBody, body, width, height);
  fillBetween(bodies, other);
  return bodies;
}

/** The squares of three by three cells that are all set. */
function opened(set: Uint8Array, cells: readonly number[], width: number, height: number): Mask {
  const out = emptyMask(width, height);
  const last = width * (height - 1);
  for (const cell of cells) {
    if (cell < width || cell >= last || !isLine(set, cell)) continue;
    const [above, below] = [cell - width, cell + width];
    const x = cell % width;
    if (x === 0 || x === width - 1 || !isLine(set, above) || !isLine(set, below)) continue;
    for (let at = above - 1; at <= below - 1; at += width) out.data[at] = out.data[at + 1] = out.data[at + 2] = 1;
  }
  return out;
}

/** Whether a cell and its neighbours left and right are set. */
function isLine(set: Uint8Array, cell: number): boolean {
  return (set[cell - 1]! & set[cell]! & set[cell + 1]!) === 1;
}

/** A panel may be as dark as a shadow: what lies below and above a body and is not the empty road belongs to it. */
function fillBetween({ width, data }: Mask, other: Mask): void {
  const above = new Int32Array(width).fill(-1);
  for (let cell = 0, x = 0; cell < data.length; cell++, x = x + 1 === width ? 0 : x + 1) {
    if (data[cell] === 1) {
      if (above[x]! >= 0) for (let gap = above[x]! + width; gap < cell; gap += width) data[gap] = 1;
      above[x] = cell;
    } else if (other.data[cell] === 0) above[x] = -1;
  }
}
