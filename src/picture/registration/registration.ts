import { shiftBetween } from './shift-between.js';
import type { Detail } from './detail.js';

/** Where what is seen now was seen then, as shares of the picture's width and height. */
export interface Offset {
  x: number;
  y: number;
}

/** The picture is cut into so many fields, each of which says whether it shows the same. */
const FIELDS_ACROSS = 8;
const FIELDS_DOWN = 6;

/** Deviation of a field's detail in grey values below which it is as good as empty. */
const LEAST_DETAIL = 2.5;

/** Correlation of detail from which a field shows the same; noise and turned cameras stay near zero. */
const SAME_FIELD = 0.4;

/** This share of the fields with detail has to show the same: shadows and parked vehicles change the others. */
const LEAST_SAME = 0.7;

/** Fewer fields with detail say nothing. */
const FEWEST_FIELDS = 4;

/**
 * Where the view of an earlier picture lies, both of one size, some hundred px wide.
 * @returns undefined when they do not show the same: the camera moved by more than a few percent, turned or zoomed
 */
export function offsetBetween(now: Detail, then: Detail): Offset | undefined {
  const { width, height } = now;
  const shift = shiftBetween(now, then);
  const [dx, dy] = [Math.round(shift.dx), Math.round(shift.dy)];
  const likeness = fieldsOf(now.data, then.data, width, height, dx, dy);
  const same = likeness.filter((correlation) => correlation >= SAME_FIELD).length;
  if (likeness.length < FEWEST_FIELDS || same < LEAST_SAME * likeness.length) return undefined;
  return { x: shift.dx / width, y: shift.dy / height };
}

/** The correlation of each field that has detail now. */
function fieldsOf(
  now: Float32Array,
  then: Float32Array,
  width: number,
  height: number,
  dx: number,
  dy: number,
): number[] {
  const found: number[] = [];
  for (let field = 0; field < FIELDS_ACROSS * FIELDS_DOWN; field++) {
    const [column, row] = [field % FIELDS_ACROSS, Math.floor(field / FIELDS_ACROSS)];
    const [left, right] = [column, column + 1].map((i) => Math.floor((i * width) / FIELDS_ACROSS)) as [number, number];
    const [top, bottom] = [row, row + 1].map((i) => Math.floor((i * height) / FIELDS_DOWN)) as [number, number];
    const [from, until] = [Math.max(left, -dx), Math.min(right, width - dx)];
    const correlation = correlate(now, then, width, dy * width + dx, {
      ...{ left: from, right: until, top: Math.max(top, -dy), bottom: Math.min(bottom, height - dy) },
    });
    if (correlation !== undefined) found.push(correlation);
  }
  return found;
}

function correlate(
  now: Float32Array,
  then: Float32Array,
  width: number,
  shift: number,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): number | undefined {
  let [both, nowSquares, thenSquares, count] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left; i < y * width + right; i++, count++) {
      const [a, b] = [now[i]!, then[i + shift]!];
      both += a * b;
      nowSquares += a * a;
      thenSquares += b * b;
    }
  }
  if (count === 0 || Math.sqrt(nowSquares / count) < LEAST_DETAIL) return undefined;
  return both / Math.sqrt(Math.max(1, nowSquares * thenSquares));
}
