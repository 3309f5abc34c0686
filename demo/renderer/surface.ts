import { mix, Noise, step } from './noise.js';
import { randomFor, type Random } from './random.js';
import { LANE_WIDTH_M, SHOULDER_M, type RoadMap } from './road-map.js';
import type { Scene } from './scene.js';

// Looked up once, as in noise.ts.
const { abs, exp, floor, hypot, max, min } = Math;

const WHEEL_TRACK_M = 0.85;

/** Lays the asphalt of a sound road: grain, wear of the wheels, repairs, seams, manholes, oil. No markings yet. */
export function layAsphalt(map: RoadMap, scene: Scene): void {
  const random = randomFor(scene.seed, 'asphalt');
  const noise = new Noise(random);
  layGrain(map, scene, noise, random);
  for (let i = random.whole(2, 4); i > 0; i--) layPatch(map, scene, random);
  for (let i = random.whole(0, 1); i > 0; i--) layTrench(map, scene, random);
  for (let i = random.whole(1, 3); i > 0; i--) laySeam(map, random);
  for (let i = random.whole(3, 7); i > 0; i--) layStain(map, noise, random, 0.1, 0.35, 0.82);
  for (let i = random.whole(1, 2); i > 0; i--) layStain(map, noise, random, 0.7, 1.6, random.between(0.72, 0.82));
  for (let i = random.whole(0, 2); i > 0; i--) layManhole(map, scene, random);
}

function layGrain(map: RoadMap, scene: Scene, noise: Noise, random: Random): void {
  const base = random.between(96, 118);
  const warmth = random.between(-0.02, 0.035);
  map.visitAll((index, u, v) => {
    const coarse = 8 * noise.at(u / 2.2, v / 8) + 6 * noise.at(u / 0.7 + 50, v / 1);
    const fine = 5 * noise.at(u / 0.14, v / 0.25) + (random.next() - 0.5) * 22;
    const grey = base + coarse + fine - wheelWear(scene, u) * (1 + 0.5 * noise.at(u, v / 4));
    const at = index * 3;
    map.rgb[at] = grey * (1 + warmth);
    map.rgb[at + 1] = grey * (1 + warmth / 3);
    map.rgb[at + 2] = grey * (1.015 - warmth);
  });
}

/** Tyres darken two tracks of each lane, dripping oil its middle; grey values. */
function wheelWear(scene: Scene, u: number): number {
  const lane = min(scene.lanes - 1, floor(abs(u) / LANE_WIDTH_M));
  const middle = (lane + 0.5) * LANE_WIDTH_M;
  const aside = abs(u) - middle;
  const tracks = bell((abs(aside) - WHEEL_TRACK_M) / 0.3);
  return 8 * tracks + 5 * bell(aside / 0.35);
}

function bell(t: number): number {
  return exp(-t * t);
}

/** A newer rectangle across a lane, a little darker or lighter, with a sealed edge. */
function layPatch(map: RoadMap, scene: Scene, random: Random): void {
  const lane = random.whole(-scene.lanes, scene.lanes - 1);
  const width = random.between(1, LANE_WIDTH_M);
  const left = lane * LANE_WIDTH_M + random.between(0, LANE_WIDTH_M - width);
  layRectangle(map, left, random.between(8, 56), width, random.between(1.2, 5), random);
}

/** A utility trench: narrow, long, parallel to the road. */
function layTrench(map: RoadMap, scene: Scene, random: Random): void {
  const left = random.between(-scene.lanes, scene.lanes - 0.4) * LANE_WIDTH_M;
  layRectangle(map, left, random.between(6, 20), random.between(0.6, 1), random.between(12, 36), random);
}

function layRectangle(map: RoadMap, left: number, from: number, width: number, length: number, random: Random): void {
  const tone = random.pick([0.8, 0.86, 0.9, 1.1]);
  const wander = new Noise(random);
  const area = { left: left - 0.1, right: left + width + 0.1, from: from - 0.1, to: from + length + 0.1 };
  map.visit(area, (index, u, v) => {
    const wobble = 0.03 * wander.at(u * 2, v * 2);
    const depth = min(u - left, left + width - u, v - from, from + length - v) + wobble;
    const inside = step(-0.02, 0.02, depth);
    const seal = 0.1 * step(0.06, 0.03, abs(depth));
    map.scale(index, mix(1, tone * (1 + 0.05 * wander.at(u * 9, v * 9)), inside) * (1 - seal));
  });
}

/** Where one day's paving ended: a thin straight line across the road. */
function laySeam(map: RoadMap, random: Random): void {
  const at = random.between(6, 60);
  map.visit({ left: -map.half, right: map.half, from: at - 0.1, to: at + 0.1 }, (index, _u, v) => {
    map.scale(index, 1 - 0.14 * step(0.03, 0.01, abs(v - at)));
  });
}

/** A soft dark spot: oil when small, a damp place when large. */
function layStain(map: RoadMap, noise: Noise, random: Random, smallest: number, largest: number, tone: number): void {
  const radius = random.between(smallest, largest);
  const u0 = random.between(-map.half, map.half);
  const v0 = random.between(7, 55);
  const area = { left: u0 - 2 * radius, right: u0 + 2 * radius, from: v0 - 3 * radius, to: v0 + 3 * radius };
  map.visit(area, (index, u, v) => {
    const ragged = 0.5 * noise.layered((u / radius) * 1.3 + u0 * 9, (v / radius) * 0.8, 3);
    const distance = hypot(u - u0, (v - v0) * 0.6) / radius + ragged;
    map.scale(index, mix(1, tone, step(1.15, 0.45, distance)));
  });
}

function layManhole(map: RoadMap, scene: Scene, random: Random): void {
  const u0 = (random.whole(-scene.lanes, scene.lanes - 1) + 0.5) * LANE_WIDTH_M + random.between(-0.4, 0.4);
  const v0 = random.between(10, 40);
  map.visit({ left: u0 - 0.6, right: u0 + 0.6, from: v0 - 0.6, to: v0 + 0.6 }, (index, u, v) => {
    const distance = hypot(u - u0, v - v0);
    const ring = step(0.05, 0.02, abs(distance - 0.36));
    const studs = 0.08 * Math.sign(Math.sin(u * 60) * Math.sin(v * 60));
    map.scale(index, mix(1, 0.78 + studs, step(0.34, 0.32, distance)) * (1 - 0.35 * ring));
  });
}

/** Paints edge lines, dashes between lanes (3 m with gaps of 5 m) and a double yellow line in the middle, all worn. */
export function paintMarkings(map: RoadMap, scene: Scene): void {
  const random = randomFor(scene.seed, 'markings');
  const noise = new Noise(random);
  const wear = random.between(0.1, 0.45);
  const edge = map.half - SHOULDER_M + 0.05;
  const soft = max(map.texel, 0.01);
  map.visitAll((index, u, v) => {
    const middle = stripe(abs(u) - 0.16, 0.15, soft);
    const side = stripe(abs(u) - edge, 0.15, soft);
    const line = max(middle, side, dash(scene, u, v, soft));
    if (line === 0) return;
    const worn = step(wear - 0.5, wear + 0.2, 0.5 + 0.7 * noise.layered(u * 3, v / 0.5, 3));
    const grain = 12 * noise.at(u * 31, v * 31);
    const share = line * mix(0.25, 0.88, worn);
    if (middle > 0) map.blend(index, 212 + grain, 166 + grain, 58 + grain, share);
    else map.blend(index, 222 + grain, 222 + grain, 216 + grain, share);
  });
}

function dash(scene: Scene, u: number, v: number, soft: number): number {
  const nearest = Math.round(abs(u) / LANE_WIDTH_M);
  if (nearest === 0 || nearest === scene.lanes) return 0;
  return min(stripe(abs(u) - nearest * LANE_WIDTH_M, 0.15, soft), stripe((v % 8) - 4, 3, soft));
}

/** How much of a line `width` m wide lies at `aside` m from its middle, 0..1. */
function stripe(aside: number, width: number, soft: number): number {
  return min(1, max(0, (width / 2 - abs(aside)) / soft + 0.5));
}
