import type { Picture } from '../../src/picture/picture.js';
import { Camera } from './camera.js';
import { drawDamage } from './damage.js';
import { GroundPainter, type GroundTruth } from './ground.js';
import { RgbCanvas } from './rgb-canvas.js';
import { RoadMap } from './road-map.js';
import { drawRoadside, plantRoadside } from './roadside.js';
import type { Scene } from './scene.js';
import { paintSkyline } from './skyline.js';
import { Shade } from './sunlight.js';
import { layAsphalt, paintMarkings } from './surface.js';

/** The view without any vehicle, and what in it is what. */
export interface Still {
  picture: Picture;
  /** One byte a pixel, 255 or 0. Roadside things that stand in front are not cut out. */
  truth: GroundTruth;
}

/** m; finer than a pixel of a picture 1280 px wide shows */
const TEXEL_M = 0.016;

/** Draws the empty road. Takes one to three seconds for 1280x720. */
export function drawStill(scene: Scene): Still {
  const camera = new Camera(scene);
  const canvas = new RgbCanvas(scene.width, scene.height);
  const roadside = plantRoadside(scene);
  paintSkyline(canvas, camera, scene);
  const truth = new GroundPainter(scene, camera, drawMap(scene), new Shade(scene, roadside)).paint(canvas);
  drawRoadside(canvas, camera, scene, roadside);
  return { picture: { width: scene.width, height: scene.height, rgb: dimmed(canvas.developed(), scene.light) }, truth };
}

function dimmed(rgb: Uint8Array<ArrayBuffer>, light: number): Uint8Array<ArrayBuffer> {
  return light === 1 ? rgb : rgb.map((value) => Math.round(value * light));
}

function drawMap(scene: Scene): RoadMap {
  const map = new RoadMap(scene, Math.min(0.08, (TEXEL_M * 1280) / scene.width));
  layAsphalt(map, scene);
  paintMarkings(map, scene);
  drawDamage(map, scene);
  return map;
}
