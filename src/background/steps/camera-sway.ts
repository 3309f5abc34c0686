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
}

/** A camera that sways by less is left alone: moving frames by parts of a pixel would cost more sharpness than it wins. */
const MOST_SWAY_PX = 0.5;

/** Nearer to its place than this a frame is left where it is, px. */
const STILL_PX = 0.02;

/** Measures how a camera swayed. */
export function swayOf(clip: Clip): { sway: CameraSway; offsets: SwayShift[] } {
  const shifts = shiftsOf(clip);
  const usual = { dx: medianOf(shifts.map(({ dx }) => dx)), dy: medianOf(shifts.map(({ dy }) => dy)) };
  const offsets = shifts.map(({ dx, dy }) => ({ dx: dx - usual.dx, dy: dy - usual.dy }));
  const squares = offsets.reduce((sum, { dx, dy }) => sum + dx * dx + dy * dy, 0);
  const deviationPx = Math.sqrt(squares / offsets.length);
  const largestPx = Math.max(...offsets.map(({ dx, dy }) => Math.hypot(dx, dy)));
  return { sway: { deviationPx, largestPx, aligned: deviationPx > MOST_SWAY_PX }, offsets };
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
