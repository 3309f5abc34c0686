import { Camera } from './camera.js';
import type { Plane } from './canvas.js';
import { toYuv, yuvFrame, type YuvFrame } from './color.js';
import { randomFor } from './random.js';
import type { Scene } from './scene.js';
import type { Still } from './still.js';
import { shadowOf } from './sunlight.js';
import { light } from './camera-light.js';
import { Traffic } from './traffic.js';
import { VehiclePainter } from './vehicle-painter.js';

/** Grains are drawn from a table that starts elsewhere in each frame. */
const SPARE_GRAINS = 65_536;

/** Draws a clip frame by frame over its still picture. */
export class FramePainter {
  private readonly still: YuvFrame;
  private readonly scratch: YuvFrame;
  private readonly traffic: Traffic;
  private readonly vehicles: VehiclePainter;
  private readonly grains: Int8Array;

  constructor(
    private readonly scene: Scene,
    still: Still,
  ) {
    this.still = toYuv(still.picture.rgb, scene.width, scene.height);
    this.scratch = yuvFrame(scene.width, scene.height);
    this.traffic = new Traffic(scene);
    this.vehicles = new VehiclePainter(scene, new Camera(scene), shadowOf(scene));
    this.grains = grainsFor(scene);
  }

  /** Frames of the whole clip. */
  get count(): number {
    return Math.round(this.scene.fps * this.scene.seconds);
  }

  /** Draws frame `number` (from 0) into `frame`. */
  paint(number: number, frame: YuvFrame): void {
    const target = this.scene.jitter > 0 ? this.scratch : frame;
    target.bytes.set(this.still.bytes);
    for (const placed of this.traffic.at(number / this.scene.fps)) this.vehicles.paint(target, placed);
    if (this.scene.jitter > 0) this.sway(number, frame);
    if (this.scene.noise > 0) this.addNoise(number, frame);
    light(this.scene.cameraLight, number / this.scene.fps, frame);
  }

  private addNoise(number: number, frame: YuvFrame): void {
    const luma = frame.y.data;
    const start = randomFor(this.scene.seed + number, 'grain').whole(0, SPARE_GRAINS - 1);
    for (let i = 0; i < luma.length; i++) {
      const value = luma[i]! + this.grains[start + i]!;
      luma[i] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }

  /** Moves the whole view by parts of a pixel, as wind moves a mast: two slow swings and a tremor. */
  private sway(number: number, frame: YuvFrame): void {
    const { jitter, seed, fps, seconds } = this.scene;
    const turn = (2 * Math.PI * number) / (fps * seconds);
    const tremor = randomFor(seed + number, 'tremor');
    const swing = (phase: number): number =>
      jitter *
      (0.55 * Math.sin(turn * 9 + phase) + 0.3 * Math.sin(turn * 31 + 2 * phase) + 0.15 * tremor.between(-1, 1));
    const dx = swing(seed);
    const dy = swing(seed + 1.7);
    shift(this.scratch.y, frame.y, dx, dy);
    shift(this.scratch.u, frame.u, dx / 2, dy / 2);
    shift(this.scratch.v, frame.v, dx / 2, dy / 2);
  }
}

function grainsFor(scene: Scene): Int8Array {
  const random = randomFor(scene.seed, 'grains');
  const grains = new Int8Array(scene.width * scene.height + SPARE_GRAINS);
  for (let i = 0; i < grains.length; i++) grains[i] = Math.round(random.gauss() * scene.noise);
  return grains;
}

/** Copies a plane moved by `dx`, `dy` px, interpolating in steps of 1/256 px; borders repeat. */
function shift(from: Plane, to: Plane, dx: number, dy: number): void {
  const { width, height } = from;
  const near = places(width, Math.floor(dx));
  const far = places(width, Math.floor(dx) + 1);
  const upper = places(height, Math.floor(dy));
  const lower = places(height, Math.floor(dy) + 1);
  const right = Math.round((dx - Math.floor(dx)) * 256);
  const down = Math.round((dy - Math.floor(dy)) * 256);
  for (let row = 0; row < height; row++) {
    const [top, bottom, start] = [upper[row]! * width, lower[row]! * width, row * width];
    for (let column = 0; column < width; column++) {
      const [left, next] = [near[column]!, far[column]!];
      const above = from.data[top + left]! * (256 - right) + from.data[top + next]! * right;
      const below = from.data[bottom + left]! * (256 - right) + from.data[bottom + next]! * right;
      to.data[start + column] = (above * (256 - down) + below * down + 32_768) >> 16;
    }
  }
}

/** Where each place of a row is read from when it moves by whole px. */
function places(length: number, by: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => Math.min(length - 1, Math.max(0, i + by)));
}
