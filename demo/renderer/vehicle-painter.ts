import { bendAt, NEAREST_DEPTH_M, type Camera } from './camera.js';
import { fillPolygon } from './canvas.js';
import { blueOf, lumaOf, redOf, type Rgb, type YuvFrame } from './color.js';
import type { Scene } from './scene.js';
import type { Corner, Part, Vehicle } from './vehicle-models.js';

/** A vehicle on the road: `u` and `v` in m are the middle of its rear; it drives ahead or comes towards the camera. */
export interface Placed {
  vehicle: Vehicle;
  u: number;
  v: number;
  oncoming: boolean;
}

type Point = readonly [x: number, y: number, z: number];

interface Face {
  points: readonly Point[];
  color: Rgb;
  opacity: number;
}

/** Draws vehicles as shaded solids with windows, lamps, wheels and shadows. */
export class VehiclePainter {
  constructor(
    private readonly scene: Scene,
    private readonly camera: Camera,
    private readonly sun: { u: number; v: number },
  ) {}

  /** Draws one vehicle over what is there; the farthest has to come first. */
  paint(frame: YuvFrame, placed: Placed): void {
    this.paintShadow(frame, placed);
    for (const part of this.sorted(placed)) this.paintPart(frame, placed, part);
    this.paintDecals(frame, placed);
  }

  /** From the vehicle's own measures (s from its rear, t to its right, z up) to the world's. */
  private place({ u, v, oncoming }: Placed, s: number, t: number, z: number): Point {
    const y = oncoming ? v - s : v + s;
    return [(oncoming ? u - t : u + t) + bendAt(this.scene, y), y, z];
  }

  private paintShadow(frame: YuvFrame, placed: Placed): void {
    const { length, width, height } = placed.vehicle.model;
    this.fill(frame, this.footprint(placed, -0.15, length + 0.15, width / 2 + 0.12, 0, 0), [22, 22, 24], 0.35);
    this.fill(frame, this.footprint(placed, 0, length, width / 2, 0, 0), [18, 18, 20], 0.5);
    if (this.scene.sun <= 0) return;
    const du = this.sun.u * height * 0.85;
    const dv = this.sun.v * height * 0.85;
    const base = this.footprint(placed, 0.1, length - 0.1, width / 2, 0, 0);
    const far = this.footprint(placed, 0.3, length - 0.5, width / 2 - 0.15, du, dv);
    this.fill(frame, hullOf([...base, ...far]), [26, 27, 30], 0.5 * this.scene.sun);
  }

  private footprint(placed: Placed, from: number, to: number, half: number, du: number, dv: number): Point[] {
    const corners: readonly (readonly [number, number])[] = [
      [from, -half],
      [from, half],
      [to, half],
      [to, -half],
    ];
    return corners.map(([s, t]) => {
      const [x, y] = this.place(placed, s, t, 0);
      return [x + du, y + dv, 0];
    });
  }

  /** Parts farther from the camera first; what is lower first where they lie above each other. */
  private sorted(placed: Placed): Part[] {
    const nearest = (part: Part): number => {
      const [from] = part.corners[0]!;
      const [to] = part.corners.at(-1)!;
      return Math.min(this.place(placed, from, 0, 0)[1], this.place(placed, to, 0, 0)[1]);
    };
    return [...placed.vehicle.model.parts].sort((a, b) => nearest(b) - nearest(a));
  }

  private paintPart(frame: YuvFrame, placed: Placed, part: Part): void {
    const faces = [...this.strips(placed, part), ...this.sides(placed, part)].filter((face) =>
      this.isSeen(face.points),
    );
    const depth = (face: Face): number => face.points.reduce((sum, p) => sum + p[1], 0) / face.points.length;
    for (const face of faces.sort((a, b) => depth(b) - depth(a)))
      this.fill(frame, face.points, face.color, face.opacity);
    this.paintFlanks(frame, placed, part);
  }

  private strips(placed: Placed, part: Part): Face[] {
    return part.skins.map((material, i) => {
      const [a, b] = [part.corners[i]!, part.corners[i + 1]!];
      const points = [
        this.place(placed, a[0], -a[2] / 2, a[1]),
        this.place(placed, a[0], a[2] / 2, a[1]),
        this.place(placed, b[0], b[2] / 2, b[1]),
        this.place(placed, b[0], -b[2] / 2, b[1]),
      ];
      const upward = Math.abs(b[0] - a[0]) / Math.hypot(b[0] - a[0], b[1] - a[1]);
      const color = placed.vehicle.colors[material];
      return {
        points,
        color: material === 'glass' ? sheen(color, upward) : shade(color, 0.68 + 0.34 * upward),
        opacity: 1,
      };
    });
  }

  private sides(placed: Placed, part: Part): Face[] {
    return [-1, 1].map((side) => {
      const points = part.corners.map(([s, z, width]) => this.place(placed, s, (side * width) / 2, z));
      // Even-odd filling does not mind the order of the corners, the test for the seen side does.
      if (side > 0) points.reverse();
      return { points, color: shade(placed.vehicle.colors[part.side], this.sideLight(placed, side)), opacity: 1 };
    });
  }

  private sideLight({ oncoming }: Placed, side: number): number {
    const facing = oncoming ? -side : side;
    return Math.sign(this.sun.u) === facing ? 0.62 : 0.62 + 0.24 * this.scene.sun;
  }

  /** Windows and wheels on the side that faces the camera. */
  private paintFlanks(frame: YuvFrame, placed: Placed, part: Part): void {
    const side = this.facingSide(placed);
    for (const { from, to, low, high, material } of part.panels) {
      const at = (s: number, z: number): Point => this.place(placed, s, (side * widthAt(part, z)) / 2, z);
      this.fill(
        frame,
        [at(from, low), at(from, high), at(to, high), at(to, low)],
        shade(placed.vehicle.colors[material], 0.9),
        1,
      );
    }
    for (const axle of placed.vehicle.model.axles) this.paintWheel(frame, placed, axle, side);
  }

  private facingSide({ u, v, oncoming }: Placed): number {
    const right = this.camera.x > u + bendAt(this.scene, v) ? 1 : -1;
    return oncoming ? -right : right;
  }

  private paintWheel(frame: YuvFrame, placed: Placed, axle: number, side: number): void {
    const { wheel, width } = placed.vehicle.model;
    const disc = (radius: number): Point[] =>
      Array.from({ length: 12 }, (_, i) => {
        const angle = (i / 12) * 2 * Math.PI;
        return this.place(
          placed,
          axle + radius * Math.cos(angle),
          (side * width) / 2,
          wheel + radius * Math.sin(angle),
        );
      });
    this.fill(frame, disc(wheel), [28, 28, 30], 1);
    this.fill(frame, disc(wheel * 0.58), [132, 134, 138], 1);
  }

  private paintDecals(frame: YuvFrame, placed: Placed): void {
    const seen = placed.oncoming ? 'front' : 'rear';
    const s = seen === 'front' ? placed.vehicle.model.length : 0;
    if (placed.v < 1) return;
    for (const { end, left, right, low, high, color } of placed.vehicle.model.decals) {
      if (end !== seen) continue;
      const at = (t: number, z: number): Point => this.place(placed, s, t, z);
      this.fillLit(frame, [at(left, low), at(left, high), at(right, high), at(right, low)], color, 0.95);
    }
  }

  /** Whether a face's outer side is towards the camera. */
  private isSeen(points: readonly Point[]): boolean {
    let area = 0;
    const screen = points.map(([x, y, z]) => this.camera.project(x, y, z));
    screen.forEach((a, i) => {
      const b = screen[(i + 1) % screen.length]!;
      area += a.x * b.y - b.x * a.y;
    });
    return area < 0;
  }

  private fill(frame: YuvFrame, points: readonly Point[], color: Rgb, opacity: number): void {
    this.fillLit(frame, points, shade(color, this.scene.light), opacity);
  }

  /** What shines by itself, as lamps do, is as bright at dusk. */
  private fillLit(frame: YuvFrame, points: readonly Point[], color: Rgb, opacity: number): void {
    const flat: number[] = [];
    for (const [x, y, z] of points) {
      const point = this.camera.project(x, y, z);
      if (point.depth < NEAREST_DEPTH_M) return;
      flat.push(point.x, point.y);
    }
    fillPolygon(frame.y, flat, 1, lumaOf(...color), opacity);
    fillPolygon(frame.u, flat, 2, blueOf(...color), opacity);
    fillPolygon(frame.v, flat, 2, redOf(...color), opacity);
  }
}

/** The width of a part at a height, between its corners at the rear. */
function widthAt(part: Part, z: number): number {
  const above = part.corners.findIndex((corner) => corner[1] >= z);
  const high: Corner = part.corners[Math.max(1, above)]!;
  const low: Corner = part.corners[Math.max(0, above - 1)]!;
  const share = high[1] === low[1] ? 0 : (z - low[1]) / (high[1] - low[1]);
  return low[2] + (high[2] - low[2]) * share + 0.02;
}

function shade([r, g, b]: Rgb, light: number): Rgb {
  return [r * light, g * light, b * light];
}

/** Glass mirrors the sky the more it faces up. */
function sheen([r, g, b]: Rgb, upward: number): Rgb {
  const sky = 0.3 * upward;
  return [r + (176 - r) * sky, g + (190 - g) * sky, b + (204 - b) * sky];
}

/** The convex hull of points of the ground (Andrew's monotone chain). */
function hullOf(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: Point[]): Point[] => {
    const hull: Point[] = [];
    for (const point of ordered) {
      while (hull.length > 1 && turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop();
      hull.push(point);
    }
    return hull.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
