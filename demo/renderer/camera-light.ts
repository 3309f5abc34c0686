import type { YuvFrame } from './color.js';
import type { CameraLight } from './scene.js';

/** Black of limited range. */
const BLACK = 16;

/** An infrared lamp reaches so far: light at the lower edge, and at the upper one, of that by day. */
const LAMP_NEAR = 0.95;
const LAMP_FAR = 0.45;

/** What the camera makes of a frame at `time` s by itself. */
export function light(camera: CameraLight | undefined, time: number, frame: YuvFrame): void {
  if (camera === undefined) return;
  const gain = camera.pumps?.find(({ from, until }) => time >= from && time < until)?.gain ?? 1;
  if (gain !== 1) expose(frame, gain);
  if (camera.infraredFrom !== undefined && time >= camera.infraredFrom) makeInfrared(frame);
}

function expose({ y, u, v }: YuvFrame, gain: number): void {
  y.data.forEach((value, i) => (y.data[i] = Math.max(0, Math.min(235, BLACK + (value - BLACK) * gain))));
  for (const { data } of [u, v]) {
    data.forEach((value, i) => (data[i] = Math.max(16, Math.min(240, 128 + (value - 128) * gain))));
  }
}

function makeInfrared({ y: { data, width, height }, u, v }: YuvFrame): void {
  for (let i = 0; i < data.length; i++) {
    const down = Math.floor(i / width) / height;
    data[i] = BLACK + (data[i]! - BLACK) * (LAMP_FAR + (LAMP_NEAR - LAMP_FAR) * down);
  }
  u.data.fill(128);
  v.data.fill(128);
}
