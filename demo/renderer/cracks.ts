import { randomFor, type Random } from './random.js';
import { LANE_WIDTH_M, type RoadMap } from './road-map.js';
import type { Scene } from './scene.js';

/** m between the bends of a crack */
const STRIDE_M = 0.14;

interface Walk {
  u: number;
  v: number;
  /** Radians; 0 goes along the road, a quarter turn across it. */
  heading: number;
  /** m */
  length: number;
  /** m */
  width: number;
}

/** Draws cracks along, across and askew, most of them near enough to be seen. */
export function drawCracks(map: RoadMap, scene: Scene): void {
  const random = randomFor(scene.seed, 'cracks');
  for (let i = random.whole(7, 11); i > 0; i--) drawWalk(map, firstWalk(scene, random), random, 2);
}

function firstWalk(scene: Scene, random: Random): Walk {
  const across = random.chance(0.4);
  const lane = random.whole(-scene.lanes, scene.lanes - 1);
  return {
    u: (lane + random.next()) * LANE_WIDTH_M,
    v: nearby(scene, random),
    heading: (across ? Math.PI / 2 : 0) + random.gauss() * 0.25 + (random.chance(0.5) ? Math.PI : 0),
    length: across ? random.between(2, 5) : random.between(2.5, 8),
    width: random.between(0.03, 0.065),
  };
}

/** m ahead of the camera, where the picture still shows a crack. */
export function nearby(scene: Scene, random: Random): number {
  const nearest = scene.view.height / Math.tan(((scene.view.tilt + 15) * Math.PI) / 180);
  return nearest + 1 + 22 * random.next() ** 1.3;
}

/** A walk that wavers about its heading, thins out at its ends, and may branch. */
function drawWalk(map: RoadMap, walk: Walk, random: Random, branches: number): void {
  let { u, v } = walk;
  let turn = 0;
  for (let gone = 0; gone < walk.length; gone += STRIDE_M) {
    turn = 0.78 * turn + 0.3 * random.gauss();
    const heading = walk.heading + turn;
    const next = { u: u + Math.sin(heading) * STRIDE_M, v: v + Math.cos(heading) * STRIDE_M };
    const taper = Math.min(1, 0.35 + Math.min(gone, walk.length - gone) / 0.8);
    stroke(map, u, v, next.u, next.v, walk.width * taper * random.between(0.65, 1.25));
    if (branches > 0 && random.chance(0.035))
      drawWalk(map, branchOf(walk, next, heading, random), random, branches - 1);
    ({ u, v } = next);
  }
}

function branchOf(walk: Walk, at: { u: number; v: number }, heading: number, random: Random): Walk {
  const side = random.chance(0.5) ? 1 : -1;
  return {
    ...at,
    heading: heading + side * random.between(0.5, 1.2),
    length: walk.length * random.between(0.2, 0.45),
    width: walk.width * 0.75,
  };
}

/** One straight piece with a soft edge, kept where it is stronger than what is there. All in m. */
export function stroke(map: RoadMap, u1: number, v1: number, u2: number, v2: number, width: number): void {
  const reach = width / 2 + map.texel;
  const du = u2 - u1;
  const dv = v2 - v1;
  const squared = du * du + dv * dv || 1;
  const area = {
    left: Math.min(u1, u2) - reach,
    right: Math.max(u1, u2) + reach,
    from: Math.min(v1, v2) - reach,
    to: Math.max(v1, v2) + reach,
  };
  map.visit(area, (index, u, v) => {
    const along = Math.min(1, Math.max(0, ((u - u1) * du + (v - v1) * dv) / squared));
    const distance = Math.hypot(u - u1 - along * du, v - v1 - along * dv);
    const share = Math.min(1, Math.max(0, (width / 2 - distance) / map.texel + 0.5));
    map.crack[index] = Math.max(map.crack[index]!, share * 255);
  });
}
