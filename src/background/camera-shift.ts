import type { Clip } from './kernels/clip.js';
import type { Pointer } from './kernels/kernels.js';

/** How far a frame lies from another one: what is at (x, y) there is at (x + dx, y + dy) here. px */
export interface Shift {
  dx: number;
  dy: number;
}

/** Side of the patches that are followed, px. */
const PATCH = 32;

/** The picture is cut into so many fields, and each gives its best patch: traffic must not outvote the scene. */
const FIELDS_ACROSS = 8;
const FIELDS_DOWN = 6;

/** Farthest a camera sways between frames, px; wind moves masts by a few. */
const REACH = 12;

/** Rounds of refinement; each brings a fraction of a pixel. */
const ROUNDS = 4;

/** Smallest eigenvalue of a patch's structure tensor, per pixel: with less, only one direction can be followed. */
const LEAST_STRUCTURE = 12;

/** A patch speaks for one place rather than another when it differs there by less than this share. */
const CLEARLY_LESS = 0.7;

/** A camera is taken to have moved far only when at least this share of the patches speaks for it. */
const LEAST_SUPPORT = 0.3;

/** Between so near places (px) patches hardly tell, and an error would do little harm. */
const NEAR = 1;

/** Shifts tried in one direction, 2 px apart. */
const SHIFTS = REACH + 1;

/** What is followed: a patch of the first frame, by its first pixel. */
interface Patch {
  at: Pointer;
  /** Sums over the patch of gx², gx gy and gy², where gx and gy are its slopes. */
  structure: Structure;
}

interface Structure {
  xx: number;
  xy: number;
  yy: number;
}

/** How far frames lie from the first one, by their luma; where nothing tells, as far as the others usually do. */
export function shiftsOf(clip: Clip): Shift[] {
  const frames = clip.frames.map((frame) => clip.memory.pointerTo(frame));
  const tracker = new Tracker(clip, frames[0]!);
  const shifts = frames.map((frame, i) => (i === 0 ? { dx: 0, dy: 0 } : tracker.shiftOf(frame)));
  const usual = middleOf(shifts.filter((shift) => shift !== null));
  return shifts.map((shift) => shift ?? usual);
}

function middleOf(shifts: readonly Shift[]): Shift {
  return { dx: medianOf(shifts.map(({ dx }) => dx)), dy: medianOf(shifts.map(({ dy }) => dy)) };
}

/** Follows patches of a clip's first frame into the others. */
class Tracker {
  private readonly patches: readonly Patch[];
  private readonly costs: Pointer;
  private readonly sums: Pointer;

  constructor(
    private readonly clip: Clip,
    private readonly first: Pointer,
  ) {
    this.costs = clip.memory.take(SHIFTS * SHIFTS * Uint32Array.BYTES_PER_ELEMENT);
    this.sums = clip.memory.take(8 * Int32Array.BYTES_PER_ELEMENT);
    this.patches = this.findPatches();
  }

  /** The median over patches of where each of them went (Lucas and Kanade, 1981, from the best whole-pixel start). */
  shiftOf(frame: Pointer): Shift | null {
    const start = this.coarseShift(frame);
    const shifts = this.patches.map((patch) => this.follow(patch, frame, start)).filter((shift) => shift !== null);
    if (shifts.length === 0) return null;
    const shift = middleOf(shifts);
    return this.isBorneOut(frame, shift) ? shift : null;
  }

  /**
   * Whether the patches lie better at a shift than where they were. Patches on vehicles lie badly anywhere, those of mere
   * noise alike everywhere: without this vote dense traffic or a dark picture look like a camera that sways.
   */
  private isBorneOut(frame: Pointer, { dx, dy }: Shift): boolean {
    const { kernels, width } = this.clip;
    const [right, down] = [Math.round(dx), Math.round(dy)];
    if (right === 0 && down === 0) return true;
    let [moved, stayed] = [0, 0];
    for (const { at } of this.patches) {
      const same = at - this.first + frame;
      const there = kernels.differenceOf(at, same + down * width + right);
      const here = kernels.differenceOf(at, same);
      if (there < CLEARLY_LESS * here) moved++;
      if (here < CLEARLY_LESS * there) stayed++;
    }
    const isNear = Math.max(Math.abs(right), Math.abs(down)) <= NEAR;
    return moved > stayed && (isNear || moved >= LEAST_SUPPORT * this.patches.length);
  }

  /** In each field of the picture the patch with the most structure in both directions, if it has enough. */
  private findPatches(): Patch[] {
    const { width, height } = this.clip;
    const margin = REACH + 2;
    const [across, down] = [(width - 2 * margin) / FIELDS_ACROSS, (height - 2 * margin) / FIELDS_DOWN];
    const patches: Patch[] = [];
    for (let field = 0; field < FIELDS_ACROSS * FIELDS_DOWN; field++) {
      const x0 = Math.round(margin + (field % FIELDS_ACROSS) * across);
      const y0 = Math.round(margin + Math.floor(field / FIELDS_ACROSS) * down);
      const best = this.bestPatch(x0, y0, Math.floor(across) - PATCH, Math.floor(down) - PATCH);
      if (best !== null) patches.push(best);
    }
    return patches;
  }

  private bestPatch(x0: number, y0: number, wide: number, high: number): Patch | null {
    let best: Patch | null = null;
    let most = LEAST_STRUCTURE * PATCH * PATCH;
    for (let top = y0; top <= y0 + high; top += PATCH / 2) {
      for (let left = x0; left <= x0 + wide; left += PATCH / 2) {
        const at = this.first + top * this.clip.width + left;
        const structure = this.structureOf(at);
        const strength = smallestEigenvalue(structure);
        if (strength <= most) continue;
        most = strength;
        best = { at, structure };
      }
    }
    return best;
  }

  /** The kernel's slopes are twice as steep. */
  private structureOf(patch: Pointer): Structure {
    this.clip.kernels.structureOf(patch, this.sums);
    const [xx, xy, yy] = this.results() as unknown as [number, number, number];
    return { xx: xx / 4, xy: xy / 4, yy: yy / 4 };
  }

  private coarseShift(frame: Pointer): Shift {
    const { memory, kernels } = this.clip;
    const costs = new Uint32Array(memory.memory.buffer, this.costs, SHIFTS * SHIFTS).fill(0);
    for (const { at } of this.patches) kernels.addShiftCosts(at, at - this.first + frame, this.costs);
    const best = costs.indexOf(Math.min(...costs));
    return { dx: 2 * (best % SHIFTS) - REACH, dy: 2 * Math.floor(best / SHIFTS) - REACH };
  }

  /**
   * Each round needs the sums of slope times difference between the frames. The frame in between its pixels is a mixture of
   * four frames that lie on them, and so are its sums: they are computed anew only when the shift passes a pixel.
   */
  private follow(patch: Patch, frame: Pointer, start: Shift): Shift | null {
    const { xx, xy, yy } = patch.structure;
    const determinant = xx * yy - xy * xy;
    if (determinant <= 0) return null;
    const own = this.correlate(patch.at, patch.at);
    let { dx, dy } = start;
    let corners: readonly number[] = [];
    let [cornerX, cornerY] = [NaN, NaN];
    for (let round = 0; round < ROUNDS; round++) {
      const [x, y] = [Math.floor(dx), Math.floor(dy)];
      if (x !== cornerX || y !== cornerY) {
        corners = this.correlate(patch.at, patch.at - this.first + frame + y * this.clip.width + x);
        [cornerX, cornerY] = [x, y];
      }
      const xt = own[0]! - mixture(corners, 0, dx - x, dy - y);
      const yt = own[4]! - mixture(corners, 4, dx - x, dy - y);
      dx += (yy * xt - xy * yt) / determinant;
      dy += (xx * yt - xy * xt) / determinant;
      if (!(Math.abs(dx) <= REACH && Math.abs(dy) <= REACH)) return null;
    }
    return { dx, dy };
  }

  /** See the kernel; its slopes are twice as steep. */
  private correlate(slopes: Pointer, values: Pointer): readonly number[] {
    this.clip.kernels.correlate(slopes, values, this.sums);
    return Array.from(this.results(), (sum) => sum / 2);
  }

  private results(): Int32Array {
    return new Int32Array(this.clip.memory.memory.buffer, this.sums, 8);
  }
}

function smallestEigenvalue({ xx, xy, yy }: Structure): number {
  return (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy);
}

/** Between four values of neighbouring pixels. */
function mixture(values: readonly number[], from: number, fx: number, fy: number): number {
  const upper = values[from]! * (1 - fx) + values[from + 1]! * fx;
  const lower = values[from + 2]! * (1 - fx) + values[from + 3]! * fx;
  return upper * (1 - fy) + lower * fy;
}

/** The middle of some numbers, of which there is at least one. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
