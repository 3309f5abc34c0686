import { nearby } from './cracks.js';
import { Noise, step } from './noise.js';
import { randomFor, type Random } from './random.js';
import { LANE_WIDTH_M, type RoadMap } from './road-map.js';
import type { Scene } from './scene.js';

interface Patch {
  u: number;
  v: number;
  /** m: half the width and half the length */
  across: number;
  along: number;
  /** m: size of one piece */
  cell: number;
  /** m: width of the cracks between pieces */
  gap: number;
  noise: Noise;
}

/** Draws one to three patches of fatigue cracking in wheel tracks: the asphalt has broken into a net of small pieces. */
export function drawAlligator(map: RoadMap, scene: Scene): void {
  const random = randomFor(scene.seed, 'alligator');
  for (let i = random.whole(1, 3); i > 0; i--) drawPatch(map, patchFor(scene, random));
}

function patchFor(scene: Scene, random: Random): Patch {
  const lane = random.whole(-scene.lanes, scene.lanes - 1) + 0.5;
  return {
    u: lane * LANE_WIDTH_M + (random.chance(0.5) ? 0.85 : -0.85),
    v: nearby(scene, random),
    across: random.between(0.5, 0.95),
    along: random.between(0.9, 2.2),
    cell: random.between(0.22, 0.32),
    gap: random.between(0.028, 0.04),
    noise: new Noise(random),
  };
}

function drawPatch(map: RoadMap, patch: Patch): void {
  const { u: u0, v: v0, across, along, noise } = patch;
  const area = { left: u0 - 1.4 * across, right: u0 + 1.4 * across, from: v0 - 1.4 * along, to: v0 + 1.4 * along };
  map.visit(area, (index, u, v) => {
    const distance = Math.hypot((u - u0) / across, (v - v0) / along) + 0.3 * noise.at(u * 2.5, v * 2.5);
    if (distance > 1.1) return;
    const width = patch.gap * (0.55 + 0.45 * step(1.1, 0.5, distance)) * (1 + 0.4 * noise.at(u * 6, v * 6));
    const fading = step(1.1, 0.95, distance);
    const share = Math.min(1, Math.max(0, (width / 2 - toBorder(patch, u, v)) / map.texel + 0.5)) * fading;
    map.crack[index] = Math.max(map.crack[index]!, share * 255);
  });
}

/** m to the border between the two nearest pieces (Worley's F2 - F1, halved). */
function toBorder(patch: Patch, u: number, v: number): number {
  const column = Math.floor(u / patch.cell);
  const row = Math.floor(v / patch.cell);
  let nearest = Infinity;
  let second = Infinity;
  for (let r = row - 1; r <= row + 1; r++) {
    for (let c = column - 1; c <= column + 1; c++) {
      const du = (c + 0.5 + 0.42 * patch.noise.at(c * 7.5, r * 3.5)) * patch.cell - u;
      const dv = (r + 0.5 + 0.42 * patch.noise.at(c * 5.5 + 99, r * 9.5)) * patch.cell - v;
      const distance = Math.hypot(du, dv);
      if (distance < nearest) [nearest, second] = [distance, nearest];
      else if (distance < second) second = distance;
    }
  }
  return (second - nearest) / 2;
}
