import { nearby } from './cracks.js';
import { mix, Noise, step } from './noise.js';
import { randomFor, type Random } from './random.js';
import { LANE_WIDTH_M, type RoadMap } from './road-map.js';
import type { Scene } from './scene.js';

interface Pothole {
  u: number;
  v: number;
  /** m */
  radius: number;
  /** length along the road / width */
  stretch: number;
  /** Rain stands in it. */
  wet: boolean;
  noise: Noise;
}

/** Digs two to four potholes: dark ragged hollows of loose stones, one wall in shadow, the other lit, a crumbled rim. */
export function layPotholes(map: RoadMap, scene: Scene): void {
  const random = randomFor(scene.seed, 'potholes');
  for (let i = random.whole(2, 4); i > 0; i--) dig(map, potholeFor(scene, random));
}

function potholeFor(scene: Scene, random: Random): Pothole {
  const lane = random.whole(-scene.lanes, scene.lanes - 1) + 0.5;
  return {
    u: lane * LANE_WIDTH_M + random.between(-1.1, 1.1),
    v: nearby(scene, random),
    radius: random.between(0.24, 0.55),
    stretch: random.between(1, 1.7),
    wet: random.chance(0.2),
    noise: new Noise(random),
  };
}

function dig(map: RoadMap, hole: Pothole): void {
  const { u: u0, v: v0, radius, stretch } = hole;
  const reach = 1.7 * radius;
  const area = { left: u0 - reach, right: u0 + reach, from: v0 - reach * stretch, to: v0 + reach * stretch };
  map.visit(area, (index, u, v) => {
    const across = (u - u0) / radius;
    const along = (v - v0) / (radius * stretch);
    const distance = Math.hypot(across, along) * outline(hole, Math.atan2(along, across), u, v);
    crumble(map, hole, index, u, v, distance);
    const share = step(1.03, 0.95, distance);
    if (share === 0) return;
    const grey = hole.wet ? water(hole, u, v, distance) : stones(hole, u, v, distance, across - along);
    map.blend(index, grey * 1.03, grey, grey * (hole.wet ? 1.06 : 0.95), share);
    map.pothole[index] = Math.max(map.pothole[index]!, share * 255);
    map.crack[index] = map.crack[index]! * (1 - share);
  });
}

/** A factor about 1 that makes the circle ragged. */
function outline(hole: Pothole, angle: number, u: number, v: number): number {
  const lobes = hole.noise.layered(Math.cos(angle) * 1.1 + 9, Math.sin(angle) * 1.1 + 9, 4);
  return 1 + 0.34 * lobes + 0.1 * hole.noise.at(u * 17, v * 17);
}

/** @param toLight how far towards the lit wall, in radii */
function stones(hole: Pothole, u: number, v: number, distance: number, toLight: number): number {
  const rough = 14 * hole.noise.at(u * 22, v * 22) + 9 * hole.noise.at(u * 55, v * 55);
  const wall = step(0.55, 0.95, distance);
  return 46 + rough + wall * mix(-20, 24, step(-0.6, 0.6, toLight));
}

function water(hole: Pothole, u: number, v: number, distance: number): number {
  const shore = step(0.7, 0.95, distance);
  return mix(64 + 5 * hole.noise.at(u * 3, v * 3), 34, shore);
}

/** Loose grit lightens the sound surface around the hollow. */
function crumble(map: RoadMap, hole: Pothole, index: number, u: number, v: number, distance: number): void {
  if (distance > 1.5 || distance < 0.9) return;
  const grit = Math.max(0, hole.noise.at(u * 38, v * 38)) * step(1.5, 1, distance);
  map.scale(index, 1 + 0.16 * grit + 0.08 * step(1.2, 1.02, distance));
}
