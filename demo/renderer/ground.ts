import { bendAt, type Camera, type GroundPoint } from './camera.js';
import { mix, Noise, step } from './noise.js';
import { randomFor } from './random.js';
import { MAP_LENGTH_M, type RoadMap } from './road-map.js';
import type { RgbCanvas } from './rgb-canvas.js';
import type { Scene } from './scene.js';
import type { Shade } from './sunlight.js';

/** What belongs to which pixel: 255 where it does, else 0. */
export interface GroundTruth {
  /** The paved road. */
  road: Uint8Array<ArrayBuffer>;
  crack: Uint8Array<ArrayBuffer>;
  pothole: Uint8Array<ArrayBuffer>;
}

// Looked up once, as in noise.ts.
const { abs, floor, max, min } = Math;

/** A pixel counts as damaged from this share on: what covers less cannot be seen. */
const DAMAGED_SHARE = 0.3;
const MOST_TAPS = 12;
const HAZE = [176, 184, 188] as const;

/** Sums of what one pixel's taps saw. */
interface Seen {
  r: number;
  g: number;
  b: number;
  road: number;
  crack: number;
  pothole: number;
}

/** Paints all below the horizon: road, gravel and grass with shadows and haze; tells where the road and its damage are. */
export class GroundPainter {
  private readonly noise: Noise;
  private readonly grass: number;
  private readonly point: GroundPoint = { x: 0, y: 0 };
  private readonly seen: Seen = { r: 0, g: 0, b: 0, road: 0, crack: 0, pothole: 0 };

  constructor(
    private readonly scene: Scene,
    private readonly camera: Camera,
    private readonly map: RoadMap,
    private readonly shade: Shade,
  ) {
    const random = randomFor(scene.seed, 'verge');
    this.noise = new Noise(random);
    this.grass = random.between(0.85, 1.1);
  }

  paint(canvas: RgbCanvas): GroundTruth {
    const size = canvas.width * canvas.height;
    const truth = { road: new Uint8Array(size), crack: new Uint8Array(size), pothole: new Uint8Array(size) };
    for (let row = max(0, floor(this.camera.horizon)); row < canvas.height; row++) {
      const taps = this.tapsOf(row);
      for (let column = 0; column < canvas.width; column++) this.paintPixel(canvas, truth, column, row, taps);
    }
    return truth;
  }

  /** How many samples a pixel of this row needs down and across, so that no texel is skipped. */
  private tapsOf(row: number): { down: number; across: number } {
    const middle = this.scene.width / 2;
    if (!this.camera.ground(middle, row, this.point)) return { down: MOST_TAPS, across: 3 };
    const far = this.point.y;
    this.camera.ground(middle, row + 1, this.point);
    const texels = (far - this.point.y) / this.map.texel;
    const pxPerMetre = this.camera.scaleAt(this.camera.project(0, far, 0).depth);
    return { down: taps(texels), across: min(3, taps(1 / (pxPerMetre * this.map.texel))) };
  }

  private paintPixel(
    canvas: RgbCanvas,
    truth: GroundTruth,
    column: number,
    row: number,
    { down, across }: { down: number; across: number },
  ): void {
    const seen = this.seen;
    seen.r = seen.g = seen.b = seen.road = seen.crack = seen.pothole = 0;
    let count = 0;
    for (let i = 0; i < down; i++) {
      for (let j = 0; j < across; j++) {
        if (!this.camera.ground(column + (j + 0.5) / across, row + (i + 0.5) / down, this.point)) continue;
        this.look(this.point);
        count++;
      }
    }
    if (count === 0) return canvas.set(row * canvas.width + column, ...HAZE);
    const index = row * canvas.width + column;
    canvas.set(index, seen.r / count, seen.g / count, seen.b / count);
    truth.road[index] = seen.road / count >= 0.5 ? 255 : 0;
    truth.crack[index] = seen.crack / count >= DAMAGED_SHARE * 255 ? 255 : 0;
    truth.pothole[index] = seen.pothole / count >= DAMAGED_SHARE * 255 ? 255 : 0;
  }

  private look({ x, y }: GroundPoint): void {
    const u = x - bendAt(this.scene, y);
    const haze = min(0.5, max(0, y - 20) / 600);
    const light = this.shade.at(u, y) * (1 - haze);
    if (abs(u) < this.map.half - this.map.texel) this.lookAtRoad(u, y, light);
    else this.lookAtVerge(u, y, light);
    this.seen.r += HAZE[0] * haze;
    this.seen.g += HAZE[1] * haze;
    this.seen.b += HAZE[2] * haze;
  }

  private lookAtRoad(u: number, v: number, light: number): void {
    const { map, seen } = this;
    const x = (u + map.half) / map.texel - 0.5;
    const y = min(map.rows - 1.01, max(0, mirrored(v) / map.texel - 0.5));
    const left = max(0, floor(x));
    const top = floor(y);
    const right = x - left;
    const down = y - top;
    const at = top * map.columns + left;
    const { columns } = map;
    seen.r += light * bilinear(map.rgb, 3 * at, 3, 3 * columns, right, down);
    seen.g += light * bilinear(map.rgb, 3 * at + 1, 3, 3 * columns, right, down);
    seen.b += light * bilinear(map.rgb, 3 * at + 2, 3, 3 * columns, right, down);
    seen.road++;
    if (v < 0 || v >= MAP_LENGTH_M) return;
    seen.crack += bilinear(map.crack, at, 1, columns, right, down);
    seen.pothole += bilinear(map.pothole, at, 1, columns, right, down);
  }

  /** Gravel beside the road, then grass. */
  private lookAtVerge(u: number, v: number, light: number): void {
    const { noise, seen } = this;
    const coarse = noise.layered(u / 3.1, v / 3.1, 3);
    const detail = 1 / (1 + v / 25);
    const blades = noise.layered(u * 6, v * 3.1, 3) * detail;
    const gravel = step(1.5, 0.4, abs(u) - this.map.half + 0.5 * coarse);
    const dry = step(0.05, 0.8, noise.layered(u / 9 + 40, v / 9, 2));
    const green = this.grass * (1 + 0.17 * coarse + 0.3 * blades);
    const stone = 122 + 10 * coarse + 34 * blades;
    seen.r += light * mix(mix(84, 122, dry) * green, stone, gravel);
    seen.g += light * mix(mix(106, 118, dry) * green, stone * 0.97, gravel);
    seen.b += light * mix(mix(56, 76, dry) * green, stone * 0.9, gravel);
  }
}

function taps(texels: number): number {
  return min(MOST_TAPS, max(1, Math.ceil(texels / 1.5)));
}

/** Behind the map's end the surface comes back mirrored, so that no seam shows. */
function mirrored(v: number): number {
  const place = abs(v) % (2 * MAP_LENGTH_M);
  return place < MAP_LENGTH_M ? place : 2 * MAP_LENGTH_M - place;
}

function bilinear(
  data: Uint8Array | Uint8ClampedArray,
  at: number,
  next: number,
  below: number,
  right: number,
  down: number,
): number {
  const upper = data[at]! + (data[at + next]! - data[at]!) * right;
  const lower = data[at + below]! + (data[at + below + next]! - data[at + below]!) * right;
  return upper + (lower - upper) * down;
}
