import type { Point } from './stage.js';

/** What the operator clicked: points as shares of the picture. */
export interface Outlines {
  readonly region: readonly Point[];
  /** Far left, far right, near right, near left. */
  readonly corners: readonly Point[];
  /** m */
  readonly widthM: number;
  /** m */
  readonly lengthM: number;
}

/** Fewest and most points of a road's outline. */
export const REGION_POINTS = { min: 3, max: 64 } as const;
/** Points of the measured rectangle. */
export const CORNERS = 4;

/** What is wrong with it, by the rules of CAMERAS_FILE; undefined when it would be taken. */
export function objectionTo({ region, corners, widthM, lengthM }: Outlines): Objection | undefined {
  if (region.length === 0 && corners.length === 0) return 'nothing';
  if (region.length > 0 && region.length < REGION_POINTS.min) return 'fewPoints';
  if (crossesItself(region)) return 'crosses';
  if (corners.length === 0) return undefined;
  if (corners.length < CORNERS) return 'fewCorners';
  if (!isInOrder(corners)) return 'cornerOrder';
  return isLength(widthM) && isLength(lengthM) ? undefined : 'noSize';
}

/** Why CAMERAS_FILE would not take it. */
export type Objection = 'nothing' | 'fewPoints' | 'crosses' | 'fewCorners' | 'cornerOrder' | 'noSize';

/** The lines for CAMERAS_FILE: an entry of its list, with what was clicked. */
export function entryFor(cctvId: string, { region, corners, widthM, lengthM }: Outlines): string {
  const fields = [
    `  "cctvId": ${JSON.stringify(cctvId)}`,
    ...(region.length > 0 ? [`  "region": ${points(region)}`] : []),
    ...(corners.length > 0
      ? [`  "calibration": { "corners": ${points(corners)}, "widthM": ${widthM}, "lengthM": ${lengthM} }`]
      : []),
  ];
  return `{\n${fields.join(',\n')}\n}`;
}

function points(list: readonly Point[]): string {
  return `[${list.map(([x, y]) => `[${x}, ${y}]`).join(', ')}]`;
}

function isLength(metres: number): boolean {
  return metres > 0 && metres <= 1_000;
}

/** Far is higher up, and the outline turns right at every corner. */
function isInOrder(corners: readonly Point[]): boolean {
  const [a, b, c, d] = corners as [Point, Point, Point, Point];
  const turnsRight = corners.every((point, i) => turn(point, corners[(i + 1) % 4]!, corners[(i + 2) % 4]!) > 0);
  return turnsRight && a[1] + b[1] < c[1] + d[1];
}

function crossesItself(outline: readonly Point[]): boolean {
  const count = outline.length;
  const edge = (i: number): [Point, Point] => [outline[i]!, outline[(i + 1) % count]!];
  for (let i = 0; i < count; i += 1) {
    const [a, b] = edge(i);
    const c = edge((i + 1) % count)[1];
    if ((a[0] === b[0] && a[1] === b[1]) || (count > 2 && turn(a, b, c) === 0)) return true;
    for (let j = i + 2; j < count; j += 1) {
      if (!(i === 0 && j === count - 1) && meet(edge(i), edge(j))) return true;
    }
  }
  return false;
}

function meet([a, b]: [Point, Point], [c, d]: [Point, Point]): boolean {
  return turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0;
}

/** Positive for a turn to the right, as seen on the picture. */
function turn([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}
