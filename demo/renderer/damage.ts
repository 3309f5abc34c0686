import { layPotholes } from './potholes.js';
import { drawCracks } from './cracks.js';
import { drawAlligator } from './alligator.js';
import type { RoadMap } from './road-map.js';
import type { Scene } from './scene.js';

/** How dark the middle of a crack is, against the sound surface around it. */
const CRACK_TONE = 0.34;

/** Draws the wanted kinds of damage on the map and notes in its `crack` and `pothole` layers where they are. */
export function drawDamage(map: RoadMap, scene: Scene): void {
  if (scene.damage.cracks) drawCracks(map, scene);
  if (scene.damage.alligator) drawAlligator(map, scene);
  darkenCracks(map);
  if (scene.damage.potholes) layPotholes(map, scene);
}

function darkenCracks(map: RoadMap): void {
  for (let index = 0; index < map.crack.length; index++) {
    const share = map.crack[index]! / 255;
    if (share > 0) map.scale(index, 1 - (1 - CRACK_TONE) * share);
  }
}
