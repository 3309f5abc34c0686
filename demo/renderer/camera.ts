import type { Scene } from './scene.js';

/** A point of the ground. m: `x` to the right of the road's middle at the camera, `y` ahead. */
export interface GroundPoint {
  x: number;
  y: number;
}

/** A point in the picture: px, and its distance along the camera's axis in m. */
export interface ScreenPoint {
  x: number;
  y: number;
  depth: number;
}

/** What lies behind this is not drawn: it would project to nonsense. m */
export const NEAREST_DEPTH_M = 0.4;

/** A pinhole camera above a flat ground: x to the right, y ahead, z up, all in m. */
export class Camera {
  private readonly focal: number;
  private readonly sin: { tilt: number; yaw: number };
  private readonly cos: { tilt: number; yaw: number };
  readonly x: number;
  readonly z: number;

  constructor(private readonly scene: Scene) {
    const { view, width } = scene;
    const tilt = radians(view.tilt);
    const yaw = radians(view.yaw);
    this.focal = width / 2 / Math.tan(radians(view.fieldOfView) / 2);
    this.sin = { tilt: Math.sin(tilt), yaw: Math.sin(yaw) };
    this.cos = { tilt: Math.cos(tilt), yaw: Math.cos(yaw) };
    this.x = view.offset;
    this.z = view.height;
  }

  /** The picture's row of the horizon, px; may lie outside the picture. */
  get horizon(): number {
    return this.scene.height / 2 - this.focal * (this.sin.tilt / this.cos.tilt);
  }

  /** Where a point of the world appears. */
  project(x: number, y: number, z: number): ScreenPoint {
    const dx = x - this.x;
    const ahead = dx * this.sin.yaw + y * this.cos.yaw;
    const right = dx * this.cos.yaw - y * this.sin.yaw;
    const above = z - this.z;
    const depth = ahead * this.cos.tilt - above * this.sin.tilt;
    const scale = this.focal / Math.max(depth, NEAREST_DEPTH_M);
    return {
      x: this.scene.width / 2 + right * scale,
      y: this.scene.height / 2 - (ahead * this.sin.tilt + above * this.cos.tilt) * scale,
      depth,
    };
  }

  /** The ground seen at a point of the picture, written to `out`; false at and above the horizon. */
  ground(px: number, py: number, out: GroundPoint): boolean {
    const right = (px - this.scene.width / 2) / this.focal;
    const up = (this.scene.height / 2 - py) / this.focal;
    const fall = this.sin.tilt - up * this.cos.tilt;
    if (fall <= 1e-4) return false;
    const distance = this.z / fall;
    const ahead = (this.cos.tilt + up * this.sin.tilt) * distance;
    out.x = this.x + ahead * this.sin.yaw + right * distance * this.cos.yaw;
    out.y = ahead * this.cos.yaw - right * distance * this.sin.yaw;
    return true;
  }

  /** The direction of a picture's column at the horizon: radians to the right of the road's direction. */
  azimuth(px: number): number {
    return Math.atan2((px - this.scene.width / 2) * this.cos.tilt, this.focal) + Math.atan2(this.sin.yaw, this.cos.yaw);
  }

  /** px per m at a distance along the axis. */
  scaleAt(depth: number): number {
    return this.focal / depth;
  }
}

/** How far the road's middle has moved to the right at `y` m ahead. */
export function bendAt(scene: Scene, y: number): number {
  return (scene.bend * y * y) / 2;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
