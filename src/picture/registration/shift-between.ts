import type { Detail } from './detail.js';

/** How far an earlier picture lies from this one: what is at (x, y) now was at (x + dx, y + dy) then. px */
export interface ViewShift {
  dx: number;
  dy: number;
}

/** Farthest that a view is followed, px of some hundred across: a turn of a few percent. */
const REACH = 16;

/** Every so many shifts and px the first, coarse search looks at. */
const COARSE = 2;

/** Around the coarse best every shift is tried, on half of the px. */
const FINE_REACH = 2;

/** The shift at which two pictures' detail correlates best, to a fraction of a pixel by a parabola through the peak. */
export function shiftBetween(now: Detail, then: Detail): ViewShift {
  const coarse = best(now, then, { dx: 0, dy: 0 }, REACH, COARSE, 2 * COARSE);
  const { dx, dy } = best(now, then, coarse, FINE_REACH, 1, 2);
  const at = (x: number, y: number) => likeness(now, then, dx + x, dy + y, 1);
  const here = at(0, 0);
  return { dx: dx + peakOf(at(-1, 0), here, at(1, 0)), dy: dy + peakOf(at(0, -1), here, at(0, 1)) };
}

function best(now: Detail, then: Detail, around: ViewShift, reach: number, stride: number, step: number): ViewShift {
  let found = around;
  let most = -Infinity;
  for (let y = -reach; y <= reach; y += stride) {
    for (let x = -reach; x <= reach; x += stride) {
      const like = likeness(now, then, around.dx + x, around.dy + y, step);
      if (like <= most) continue;
      most = like;
      found = { dx: around.dx + x, dy: around.dy + y };
    }
  }
  return found;
}

/** The mean product of what lies upon each other, every `step` px. */
function likeness(now: Detail, then: Detail, dx: number, dy: number, step: number): number {
  const { width, height } = now;
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y += step) {
    const shifted = (y + dy) * width + dx;
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x += step, count++) {
      sum += now.data[y * width + x]! * then.data[shifted + x]!;
    }
  }
  return sum / Math.max(1, count);
}

/** Where a parabola through three neighbouring values peaks, -0.5..0.5. */
function peakOf(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}
