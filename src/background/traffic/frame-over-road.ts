/** Black of limited-range luma. */
const BLACK = 16;

/** Keeps dark places from being divided by next to nothing. Grey values. */
const FOOTLIGHT = 4;

/** What differs by less from the empty road is noise. Grey values. */
const DIFFERENT = 10;

/** A frame and the empty road behind it: luma, both of one size. It is looked at in cells, some 640 across. */
export class FrameOverRoad {
  /** px */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;

  /**
   * @param width px
   * @param height px
   */
  constructor(
    readonly frame: Uint8Array,
    readonly road: Uint8Array,
    readonly width: number,
    readonly height: number,
  ) {
    this.cell = Math.max(1, Math.round(width / 640));
    this.columns = Math.floor(width / this.cell);
    this.rows = Math.floor(height / this.cell);
  }

  /** The pixel of a cell. */
  at(column: number, row: number): number {
    return (row * this.width + column) * this.cell;
  }
}

/** Whether something hides the road, or takes its light: grey values of now and of the empty road. */
export function isOther(now: number, usual: number): boolean {
  return Math.abs(now - usual) >= DIFFERENT;
}

/** The share of its usual light that a place has: a shadow leaves about the same share of whatever it falls on. */
export function lightLeft(now: number, usual: number): number {
  return (Math.max(0, now - BLACK) + FOOTLIGHT) / (Math.max(0, usual - BLACK) + FOOTLIGHT);
}
