import { Noise, step } from './noise.js';
import { randomFor, type Random } from './random.js';
import type { Roadside } from './roadside.js';
import type { Scene } from './scene.js';

const CELL_M = 0.08;
const REACH_M = 26;
const LENGTH_M = 80;

/** Where the sun stands: what is 1 m high casts its shadow's end this far away (m to the right, m ahead). */
export function shadowOf(scene: Scene): { u: number; v: number } {
  const random = randomFor(scene.seed, 'sun');
  return { u: random.between(0.7, 1.5) * (random.chance(0.5) ? 1 : -1), v: random.between(-0.5, 0.6) };
}

/** Shadows of poles and trees on the ground, 0 (lit) .. 1, seen from above. */
export class Shade {
  private readonly columns = Math.ceil((2 * REACH_M) / CELL_M);
  private readonly rows = Math.ceil(LENGTH_M / CELL_M);
  private readonly cells = new Uint8Array(this.columns * this.rows);

  constructor(
    private readonly scene: Scene,
    roadside: Roadside,
  ) {
    if (scene.sun <= 0) return;
    const random = randomFor(scene.seed, 'shade');
    const noise = new Noise(random);
    const fall = shadowOf(scene);
    for (const tree of roadside.trees) {
      for (let i = 0; i < 26; i++) this.castLeaves(tree, fall, random, noise);
      this.castPost(tree.u, tree.v, tree.height * 0.5, 0.22, fall);
    }
    for (const pole of roadside.poles) this.castPost(pole.u, pole.v, pole.height, 0.16, fall);
  }

  /** The share of light that is left at a place of the ground, m; 1 in the sun. */
  at(u: number, v: number): number {
    const column = (u + REACH_M) / CELL_M;
    const row = v / CELL_M;
    if (column < 0 || row < 0 || column >= this.columns - 1 || row >= this.rows - 1) return 1;
    return 1 - (this.sample(column, row) / 255) * 0.5 * this.scene.sun;
  }

  private sample(x: number, y: number): number {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const at = top * this.columns + left;
    const upper = this.cells[at]! + (this.cells[at + 1]! - this.cells[at]!) * (x - left);
    const below = at + this.columns;
    const lower = this.cells[below]! + (this.cells[below + 1]! - this.cells[below]!) * (x - left);
    return upper + (lower - upper) * (y - top);
  }

  private castLeaves(
    tree: { u: number; v: number; height: number; crown: number },
    fall: { u: number; v: number },
    random: Random,
    noise: Noise,
  ): void {
    const height = tree.height + random.between(-1, 0.9) * tree.crown;
    const u0 = tree.u + fall.u * height + random.gauss() * tree.crown * 0.55;
    const v0 = tree.v + fall.v * height + random.gauss() * tree.crown * 0.55;
    const radius = random.between(0.35, 0.9);
    this.visit(u0 - radius, u0 + radius, v0 - radius, v0 + radius, (u, v) => {
      const ragged = 0.5 * noise.layered(u * 2.3, v * 2.3, 2);
      return step(1, 0.6, Math.hypot(u - u0, v - v0) / radius + ragged);
    });
  }

  private castPost(u0: number, v0: number, height: number, width: number, fall: { u: number; v: number }): void {
    const length = Math.hypot(fall.u, fall.v) * height;
    const du = (fall.u * height) / length;
    const dv = (fall.v * height) / length;
    const [u1, v1] = [u0 + du * length, v0 + dv * length];
    this.visit(Math.min(u0, u1) - 1, Math.max(u0, u1) + 1, Math.min(v0, v1) - 1, Math.max(v0, v1) + 1, (u, v) => {
      const along = (u - u0) * du + (v - v0) * dv;
      const aside = Math.abs((u - u0) * dv - (v - v0) * du);
      if (along < 0 || along > length) return 0;
      // The farther from its top, the softer a shadow's edge.
      return step(width / 2 + 0.06 + 0.012 * along, width / 2 - 0.02, aside);
    });
  }

  private visit(left: number, right: number, from: number, to: number, dark: (u: number, v: number) => number): void {
    const firstRow = Math.max(0, Math.floor(from / CELL_M));
    const lastRow = Math.min(this.rows - 1, Math.ceil(to / CELL_M));
    const firstColumn = Math.max(0, Math.floor((left + REACH_M) / CELL_M));
    const lastColumn = Math.min(this.columns - 1, Math.ceil((right + REACH_M) / CELL_M));
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const index = row * this.columns + column;
        const value = 255 * dark(column * CELL_M - REACH_M, row * CELL_M);
        if (value > this.cells[index]!) this.cells[index] = value;
      }
    }
  }
}
