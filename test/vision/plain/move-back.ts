import type { SwayShift } from '../../../src/background/steps/camera-shift.js';
import type { Plane } from '../../../src/picture/plane.js';

/** Nearer to its place than this a frame is left where it is, px. */
const STILL_PX = 0.02;

/** Moves a frame back by its offset, in place; what was out of the picture repeats its border. */
export function moveBack(frame: Uint8Array, { dx, dy }: SwayShift, planes: readonly Plane[]): void {
  if (Math.hypot(dx, dy) < STILL_PX) return;
  const [luma] = planes;
  for (const plane of planes) {
    const scale = plane.width / luma!.width;
    moveLines(frame, plane, dx * scale, 'across');
    moveLines(frame, plane, dy * scale, 'down');
  }
}

/** Interpolates along rows or columns by the cubic of Catmull and Rom, which keeps texture sharp. */
function moveLines(frame: Uint8Array, { offset, width, height }: Plane, by: number, way: 'across' | 'down'): void {
  const [lines, length, lineStep, step] = way === 'across' ? [height, width, width, 1] : [width, height, 1, width];
  const whole = Math.floor(by);
  const weights = catmullRom(by - whole);
  const places = Int32Array.from(
    { length: length + 3 },
    (_, i) => Math.min(length - 1, Math.max(0, i - 1 + whole)) * step,
  );
  const line = new Uint8ClampedArray(length);
  const [a, b, c, d] = weights;
  for (let start = offset; start < offset + lines * lineStep; start += lineStep) {
    for (let i = 0; i < length; i++) {
      line[i] =
        a * frame[start + places[i]!]! +
        b * frame[start + places[i + 1]!]! +
        c * frame[start + places[i + 2]!]! +
        d * frame[start + places[i + 3]!]!;
    }
    for (let i = 0; i < length; i++) frame[start + i * step] = line[i]!;
  }
}

function catmullRom(t: number): [number, number, number, number] {
  return [
    ((2 - t) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((4 - 3 * t) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ];
}
