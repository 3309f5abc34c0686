import { medianOf, shiftsOf, type SwayShift } from './camera-shift.js';
import type { Clip } from '../kernels/clip.js';

/** How a camera swayed while it was watched. */
export interface CameraSway {
  /** Standard deviation of its shift, px. */
  deviationPx: number;
  /** Farthest from its usual place, px. */
  largestPx: number;
  /** Whether the frames were moved back to the usual place. */
  aligned: boolean;
  /** Share of the frames in which traffic hid how far it swayed; when they are aligned, those are left out. 0..1 */
  unfollowedShare: number;
}

/** A camera that sways by less is left alone: moving frames by parts of a pixel would cost more sharpness than it wins. */
const MOST_SWAY_PX = 0.5;

/** Of fewer frames than this share nothing is concluded: those few may have followed a vehicle. */
const LEAST_FOLLOWED = 0.25;

/** In the tenth of a second between neighbours, or less, wind moves no camera farther. px */
const MOST_BETWEEN_NEIGHBOURS = 4;

/** Nearer to its place than this a frame is left where it is, px. */
const STILL_PX = 0.02;

/** Measures how a camera swayed. Offsets are from its usual place; null where too much traffic hid by how much it did. */
export function swayOf(clip: Clip): { sway: CameraSway; offsets: (SwayShift | null)[] } {
  const shifts = confirmedByNeighbours(shiftsOf(clip));
  const followed = shifts.filter((shift) => shift !== null);
  const usual = { dx: medianOf(followed.map(({ dx }) => dx)), dy: medianOf(followed.map(({ dy }) => dy)) };
  const offsets = shifts.map((shift) => shift && { dx: shift.dx - usual.dx, dy: shift.dy - usual.dy });
  const known = offsets.filter((offset) => offset !== null);
  const squares = known.reduce((sum, { dx, dy }) => sum + dx * dx + dy * dy, 0);
  const deviationPx = Math.sqrt(squares / known.length);
  const largestPx = Math.max(...known.map(({ dx, dy }) => Math.hypot(dx, dy)));
  const unfollowedShare = 1 - known.length / offsets.length;
  const aligned = deviationPx > MOST_SWAY_PX && known.length >= LEAST_FOLLOWED * offsets.length;
  return { sway: { deviationPx, largestPx, aligned, unfollowedShare }, offsets };
}

/**
 * Frames come in pairs of neighbours. What moved in one of them only, or far between the two, was traffic that the patches
 * followed, not the camera. The first frame is where all begins.
 */
function confirmedByNeighbours(shifts: readonly (SwayShift | null)[]): (SwayShift | null)[] {
  return shifts.map((shift, i) => {
    if (shift === null || i === 0 || isStill(shift)) return shift;
    const neighbour = shifts[i ^ 1] ?? null;
    return neighbour !== null && distance(shift, neighbour) <= MOST_BETWEEN_NEIGHBOURS ? shift : null;
  });
}

function isStill({ dx, dy }: SwayShift): boolean {
  return Math.hypot(dx, dy) <= MOST_SWAY_PX;
}

function distance(a: SwayShift, b: SwayShift): number {
  return Math.hypot(a.dx - b.dx, a.dy - b.dy);
}

/** Moves a frame back by its offset, in place; what was out of the picture repeats its border. */
export function moveBack({ memory, kernels, frames, planes }: Clip, index: number, { dx, dy }: SwayShift): void {
  if (Math.hypot(dx, dy) < STILL_PX) return;
  const frame = memory.pointerTo(frames[index]!);
  for (const { offset, width, height } of planes) {
    const scale = width / planes[0].width;
    kernels.weigh(...catmullRom(fractionOf(dx * scale)));
    kernels.moveRows(frame + offset, width, height, Math.floor(dx * scale));
    kernels.weigh(...catmullRom(fractionOf(dy * scale)));
    kernels.moveColumns(frame + offset, width, height, Math.floor(dy * scale));
  }
}

function fractionOf(shift: number): number {
  return shift - Math.floor(shift);
}

/** The weights of four neighbours for a place `t` px behind the second; this cubic keeps texture sharp. */
function catmullRom(t: number): [number, number, number, number] {
  return [
    ((2 - t) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((4 - 3 * t) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ];
}
