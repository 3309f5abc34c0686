import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';

/** How far a frame lies from another one: what is at (x, y) there is at (x + dx, y + dy) here. px */
export interface SwayShift {
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

/** Smallest eigenvalue of a patch's structure tensor, per pixel: with less, only one direction can be followed. */
const LEAST_STRUCTURE = 12;

/** A patch speaks for one place rather than another when it differs there by less than this share. */
const CLEARLY_LESS = 0.7;

/** A camera is taken to have moved far only when at least this share of the patches speaks for it. */
const LEAST_SUPPORT = 0.3;
/** … or when this share of all patches went together: no traffic agrees so well. */
const CONSENSUS = 0.35;

/** Between so near places (px) patches hardly tell, and an error would do little harm. */
const NEAR = 1;

/** Patches whose shifts differ by less went together, px: so exactly is a patch followed. */
const AGREEING = 0.7;

/** Three sums of 32 bits, and behind them the eight that the patch has with itself. */
const CORRELATION_OFFSET = 16;
const STRUCTURE_BYTES = CORRELATION_OFFSET + 8 * Int32Array.BYTES_PER_ELEMENT;

/** Shifts tried in one direction, 2 px apart. */
const SHIFTS = REACH + 1;

/** What is followed: a patch of the first frame, by its first pixel. */
interface Patch {
  at: Pointer;
  /** What the kernel `follow` wants to know of it. */
  structure: Pointer;
}

/** How far frames lie from the first one, by their luma; null where nothing tells. */
export function shiftsOf(clip: Clip): (SwayShift | null)[] {
  const frames = clip.frames.map((frame) => clip.memory.pointerTo(frame));
  const tracker = new Tracker(clip, frames[0]!);
  return frames.map((frame, i) => (i === 0 ? { dx: 0, dy: 0 } : tracker.shiftOf(frame)));
}

function middleOf(shifts: readonly SwayShift[]): SwayShift {
  return { dx: medianOf(shifts.map(({ dx }) => dx)), dy: medianOf(shifts.map(({ dy }) => dy)) };
}

/**
 * The mean of those shifts that agree best: with traffic near the camera most patches may lie on vehicles, which go their
 * several ways, and the scene goes one.
 */
export function agreedShift(shifts: readonly SwayShift[]): { shift: SwayShift; agreeing: number } {
  const near = (a: SwayShift) => shifts.filter((b) => Math.hypot(a.dx - b.dx, a.dy - b.dy) <= AGREEING);
  const agreeing = shifts.reduce<SwayShift[]>((best, shift) => {
    const group = near(shift);
    return group.length > best.length ? group : best;
  }, []);
  return { shift: middleOf(agreeing), agreeing: agreeing.length };
}

/** Follows patches of a clip's first frame into the others. */
class Tracker {
  private readonly patches: readonly Patch[];
  private readonly costs: Pointer;
  private readonly sums: Pointer;
  private readonly tensor: Int32Array;
  private readonly shift: Pointer;

  constructor(
    private readonly clip: Clip,
    private readonly first: Pointer,
  ) {
    this.costs = clip.memory.take(SHIFTS * SHIFTS * Uint32Array.BYTES_PER_ELEMENT);
    this.sums = clip.memory.take(STRUCTURE_BYTES);
    this.tensor = new Int32Array(clip.memory.memory.buffer, this.sums, 3);
    this.shift = clip.memory.take(2 * Float64Array.BYTES_PER_ELEMENT);
    this.patches = this.findPatches();
  }

  /** Where most patches went together (Lucas and Kanade, 1981, from the best whole-pixel start). */
  shiftOf(frame: Pointer): SwayShift | null {
    const start = this.coarseShift(frame);
    const shifts = this.patches.map((patch) => this.follow(patch, frame, start)).filter((shift) => shift !== null);
    if (shifts.length === 0) return null;
    const { shift, agreeing } = agreedShift(shifts);
    return this.isBorneOut(frame, shift, agreeing) ? shift : null;
  }

  /**
   * Whether the patches lie better at a shift than where they were. Patches on vehicles lie badly anywhere, those of mere
   * noise alike everywhere: without this vote dense traffic or a dark picture look like a camera that sways.
   */
  private isBorneOut(frame: Pointer, { dx, dy }: SwayShift, agreeing: number): boolean {
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
    return (
      moved > stayed &&
      (isNear || moved >= LEAST_SUPPORT * this.patches.length || agreeing >= CONSENSUS * this.patches.length)
    );
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
    const { kernels, memory, width } = this.clip;
    let best: Pointer | null = null;
    let most = LEAST_STRUCTURE * PATCH * PATCH;
    for (let top = y0; top <= y0 + high; top += PATCH / 2) {
      for (let left = x0; left <= x0 + wide; left += PATCH / 2) {
        const at = this.first + top * width + left;
        kernels.structureOf(at, this.sums);
        const strength = this.smallestEigenvalue();
        if (strength <= most) continue;
        most = strength;
        best = at;
      }
    }
    if (best === null) return null;
    const structure = memory.take(STRUCTURE_BYTES);
    kernels.structureOf(best, structure);
    kernels.correlate(best, best, structure + CORRELATION_OFFSET);
    return { at: best, structure };
  }

  /** Of the structure tensor. The kernel's slopes are twice as steep. */
  private smallestEigenvalue(): number {
    const [xx, xy, yy] = this.tensor as unknown as [number, number, number];
    return (xx / 4 + yy / 4) / 2 - Math.hypot((xx / 4 - yy / 4) / 2, xy / 4);
  }

  private coarseShift(frame: Pointer): SwayShift {
    const { memory, kernels } = this.clip;
    const costs = new Uint32Array(memory.memory.buffer, this.costs, SHIFTS * SHIFTS).fill(0);
    for (const { at } of this.patches) kernels.addShiftCosts(at, at - this.first + frame, this.costs);
    const best = costs.indexOf(Math.min(...costs));
    return { dx: 2 * (best % SHIFTS) - REACH, dy: 2 * Math.floor(best / SHIFTS) - REACH };
  }

  private follow(patch: Patch, frame: Pointer, { dx, dy }: SwayShift): SwayShift | null {
    const shift = new Float64Array(this.clip.memory.memory.buffer, this.shift, 2);
    shift.set([dx, dy]);
    const isFound = this.clip.kernels.follow(patch.at, patch.at - this.first + frame, patch.structure, this.shift);
    return isFound === 0 ? null : { dx: shift[0]!, dy: shift[1]! };
  }
}

/** The middle of some numbers, of which there is at least one. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
