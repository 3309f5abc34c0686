import type { Scene } from './scene.js';

/** m */
export const LANE_WIDTH_M = 3.4;
/** The paved strip outside the edge line, m. */
export const SHOULDER_M = 0.9;
/** Behind this many m the surface (not the damage) comes again mirrored; a multiple of the dashes' period. */
export const MAP_LENGTH_M = 64;

/** Half of the paved width, m. */
export function halfWidth(scene: Scene): number {
  return scene.lanes * LANE_WIDTH_M + SHOULDER_M;
}

/**
 * The road as seen from straight above: `u` m from its middle (right is positive), `v` m along it from the camera's foot.
 * Column 0 is `u = -half`, row 0 is `v = 0`.
 */
export class RoadMap {
  /** m */
  readonly half: number;
  readonly columns: number;
  readonly rows: number;
  /** Three bytes a texel. */
  readonly rgb: Uint8ClampedArray;
  /** How much of a texel is crack, 0..255. */
  readonly crack: Uint8Array;
  /** How much of a texel is pothole, 0..255. */
  readonly pothole: Uint8Array;

  /** @param texel m */
  constructor(
    scene: Scene,
    readonly texel: number,
  ) {
    this.half = halfWidth(scene);
    this.columns = Math.ceil((2 * this.half) / texel);
    this.rows = Math.round(MAP_LENGTH_M / texel);
    this.rgb = new Uint8ClampedArray(this.columns * this.rows * 3);
    this.crack = new Uint8Array(this.columns * this.rows);
    this.pothole = new Uint8Array(this.columns * this.rows);
  }

  /** Calls `visit` for each texel of a rectangle (m), as far as it lies on the map. */
  visit(
    area: { left: number; right: number; from: number; to: number },
    visit: (index: number, u: number, v: number) => void,
  ): void {
    const firstColumn = Math.max(0, Math.floor((area.left + this.half) / this.texel));
    const lastColumn = Math.min(this.columns - 1, Math.ceil((area.right + this.half) / this.texel));
    const firstRow = Math.max(0, Math.floor(area.from / this.texel));
    const lastRow = Math.min(this.rows - 1, Math.ceil(area.to / this.texel));
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        visit(row * this.columns + column, (column + 0.5) * this.texel - this.half, (row + 0.5) * this.texel);
      }
    }
  }

  /** {@link visit} for the whole map. */
  visitAll(visit: (index: number, u: number, v: number) => void): void {
    this.visit({ left: -this.half, right: this.half, from: 0, to: MAP_LENGTH_M }, visit);
  }

  /** Makes a texel's grey `share` (0..1) of the way to a colour. */
  blend(index: number, r: number, g: number, b: number, share: number): void {
    const at = index * 3;
    this.rgb[at] = this.rgb[at]! + (r - this.rgb[at]!) * share;
    this.rgb[at + 1] = this.rgb[at + 1]! + (g - this.rgb[at + 1]!) * share;
    this.rgb[at + 2] = this.rgb[at + 2]! + (b - this.rgb[at + 2]!) * share;
  }

  /** Makes a texel lighter (factor above 1) or darker. */
  scale(index: number, factor: number): void {
    const at = index * 3;
    this.rgb[at] = this.rgb[at]! * factor;
    this.rgb[at + 1] = this.rgb[at + 1]! * factor;
    this.rgb[at + 2] = this.rgb[at + 2]! * factor;
  }
}
