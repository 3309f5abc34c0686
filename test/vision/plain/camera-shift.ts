import { agreedShift, type SwayShift } from '../../../src/background/steps/camera-shift.js';

/** Side of the patches that are followed, px. */
const PATCH = 32;

/** The picture is cut into so many fields, and each gives its best patch: traffic must not outvote the scene. */
const FIELDS_ACROSS = 8;
const FIELDS_DOWN = 6;

/** Farthest a camera sways between frames, px; wind moves masts by a few. */
const REACH = 12;

/** Pixels this far apart are compared in the first, coarse search. */
const COARSE = 4;

/** A difference of grey values beyond this one says no more: a vehicle is there. */
const MOST_DIFFERENCE = 40;

/** Rounds of refinement; each brings a fraction of a pixel. */
const ROUNDS = 4;

/** Smallest eigenvalue of a patch's structure tensor, per pixel: with less, only one direction can be followed. */
const LEAST_STRUCTURE = 12;

/** … or when this share of all patches went together: no traffic agrees so well. */
const CONSENSUS = 0.35;

/** A patch speaks for one place rather than another when it differs there by less than this share. */
const CLEARLY_LESS = 0.7;

/** A camera is taken to have moved far only when at least this share of the patches speaks for it. */
const LEAST_SUPPORT = 0.3;

/** Between so near places (px) patches hardly tell, and an error would do little harm. */
const NEAR = 1;

interface Patch {
  left: number;
  top: number;
}

/** How far frames lie from the first one, by their luma; null where nothing tells. */
export function shiftsOf(frames: readonly Uint8Array[], width: number, height: number): (SwayShift | null)[] {
  const [first] = frames;
  if (first === undefined) return [];
  const patches = patchesOf(first, width, height);
  return frames.map((frame) => (frame === first ? { dx: 0, dy: 0 } : shiftBetween(first, frame, width, patches)));
}

/** Where most patches went together (Lucas and Kanade, 1981, from the best whole-pixel start). */
function shiftBetween(from: Uint8Array, to: Uint8Array, width: number, patches: readonly Patch[]): SwayShift | null {
  const start = coarseShift(from, to, width, patches);
  const shifts = patches.map((patch) => follow(from, to, width, patch, start)).filter((shift) => shift !== null);
  if (shifts.length === 0) return null;
  const { shift, agreeing } = agreedShift(shifts);
  return isBorneOut(from, to, width, patches, shift, agreeing) ? shift : null;
}

/**
 * Whether the patches lie better at a shift than where they were. Patches on vehicles lie badly anywhere, those of mere
 * noise alike everywhere: without this vote dense traffic or a dark picture look like a camera that sways.
 */
function isBorneOut(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  patches: readonly Patch[],
  { dx, dy }: SwayShift,
  agreeing: number,
): boolean {
  const [right, down] = [Math.round(dx), Math.round(dy)];
  if (right === 0 && down === 0) return true;
  let [moved, stayed] = [0, 0];
  for (const patch of patches) {
    const there = difference(from, to, width, patch, right, down);
    const here = difference(from, to, width, patch, 0, 0);
    if (there < CLEARLY_LESS * here) moved++;
    if (here < CLEARLY_LESS * there) stayed++;
  }
  const isNear = Math.max(Math.abs(right), Math.abs(down)) <= NEAR;
  return (
    moved > stayed && (isNear || moved >= LEAST_SUPPORT * patches.length || agreeing >= CONSENSUS * patches.length)
  );
}

/** In each field of the picture the patch with the most structure in both directions, if it has enough. */
function patchesOf(luma: Uint8Array, width: number, height: number): Patch[] {
  const margin = REACH + 2;
  const [across, down] = [(width - 2 * margin) / FIELDS_ACROSS, (height - 2 * margin) / FIELDS_DOWN];
  const patches: Patch[] = [];
  for (let field = 0; field < FIELDS_ACROSS * FIELDS_DOWN; field++) {
    const x0 = Math.round(margin + (field % FIELDS_ACROSS) * across);
    const y0 = Math.round(margin + Math.floor(field / FIELDS_ACROSS) * down);
    const best = bestPatch(luma, width, x0, y0, Math.floor(across) - PATCH, Math.floor(down) - PATCH);
    if (best !== null) patches.push(best);
  }
  return patches;
}

function bestPatch(luma: Uint8Array, width: number, x0: number, y0: number, wide: number, high: number): Patch | null {
  let best: Patch | null = null;
  let most = LEAST_STRUCTURE * PATCH * PATCH;
  for (let top = y0; top <= y0 + high; top += PATCH / 2) {
    for (let left = x0; left <= x0 + wide; left += PATCH / 2) {
      const strength = smallestEigenvalue(luma, width, { left, top });
      if (strength <= most) continue;
      most = strength;
      best = { left, top };
    }
  }
  return best;
}

function smallestEigenvalue(luma: Uint8Array, width: number, { left, top }: Patch): number {
  let [xx, xy, yy] = [0, 0, 0];
  for (let y = top; y < top + PATCH; y++) {
    for (let i = y * width + left; i < y * width + left + PATCH; i++) {
      const gx = (luma[i + 1]! - luma[i - 1]!) / 2;
      const gy = (luma[i + width]! - luma[i - width]!) / 2;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
    }
  }
  return (xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy);
}

function coarseShift(from: Uint8Array, to: Uint8Array, width: number, patches: readonly Patch[]): SwayShift {
  let best = { dx: 0, dy: 0 };
  let least = Infinity;
  for (let dy = -REACH; dy <= REACH; dy += 2) {
    for (let dx = -REACH; dx <= REACH; dx += 2) {
      const cost = patches.reduce((sum, patch) => sum + difference(from, to, width, patch, dx, dy), 0);
      if (cost >= least) continue;
      least = cost;
      best = { dx, dy };
    }
  }
  return best;
}

function difference(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  { left, top }: Patch,
  dx: number,
  dy: number,
): number {
  let sum = 0;
  for (let y = top; y < top + PATCH; y += COARSE) {
    const row = y * width;
    for (let i = row + left; i < row + left + PATCH; i += COARSE) {
      sum += Math.min(MOST_DIFFERENCE, Math.abs(from[i]! - to[i + dy * width + dx]!));
    }
  }
  return sum;
}

function follow(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  { left, top }: Patch,
  start: SwayShift,
): SwayShift | null {
  let { dx, dy } = start;
  for (let round = 0; round < ROUNDS; round++) {
    let [xx, xy, yy, xt, yt] = [0, 0, 0, 0, 0];
    const [wholeX, wholeY] = [Math.floor(dx), Math.floor(dy)];
    const [fx, fy] = [dx - wholeX, dy - wholeY];
    for (let y = top; y < top + PATCH; y++) {
      for (let i = y * width + left; i < y * width + left + PATCH; i++) {
        const j = i + wholeY * width + wholeX;
        const upper = to[j]! * (1 - fx) + to[j + 1]! * fx;
        const lower = to[j + width]! * (1 - fx) + to[j + width + 1]! * fx;
        const t = from[i]! - (upper * (1 - fy) + lower * fy);
        const gx = (from[i + 1]! - from[i - 1]!) / 2;
        const gy = (from[i + width]! - from[i - width]!) / 2;
        xx += gx * gx;
        xy += gx * gy;
        yy += gy * gy;
        xt += gx * t;
        yt += gy * t;
      }
    }
    const determinant = xx * yy - xy * xy;
    if (determinant <= 0) return null;
    dx += (yy * xt - xy * yt) / determinant;
    dy += (xx * yt - xy * xt) / determinant;
    if (!(Math.abs(dx) <= REACH && Math.abs(dy) <= REACH)) return null;
  }
  return { dx, dy };
}
