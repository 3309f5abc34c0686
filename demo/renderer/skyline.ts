import type { Camera } from './camera.js';
import { mix, Noise, step } from './noise.js';
import { randomFor, type Random } from './random.js';
import type { RgbCanvas } from './rgb-canvas.js';
import type { Scene } from './scene.js';

interface Building {
  /** radians to the right of the road's direction */
  from: number;
  to: number;
  /** radians above the horizon */
  top: number;
  tone: number;
  /** window columns */
  columns: number;
}

/** Paints all above the horizon: sky with thin clouds, hazy buildings, a line of far trees. */
export function paintSkyline(canvas: RgbCanvas, camera: Camera, scene: Scene): void {
  const random = randomFor(scene.seed, 'skyline');
  const noise = new Noise(random);
  const buildings = buildTown(random);
  const pxPerRadian = camera.scaleAt(1);
  const bottom = Math.min(canvas.height, Math.ceil(camera.horizon));
  for (let row = 0; row < bottom; row++) {
    const elevation = (camera.horizon - row) / pxPerRadian;
    for (let column = 0; column < canvas.width; column++) {
      const azimuth = camera.azimuth(column);
      const index = row * canvas.width + column;
      if (elevation < treeTop(noise, azimuth)) paintTrees(canvas, index, noise, azimuth, elevation);
      else if (!paintTown(canvas, index, buildings, azimuth, elevation))
        paintSky(canvas, index, scene, noise, azimuth, elevation);
    }
  }
}

function buildTown(random: Random): Building[] {
  const buildings: Building[] = [];
  for (let at = -1.2; at < 1.2; at += random.between(0.02, 0.09)) {
    const width = random.between(0.025, 0.075);
    const top = random.between(0.018, 0.05) + (random.chance(0.25) ? random.between(0.01, 0.04) : 0);
    buildings.push({ from: at, to: at + width, top, tone: random.between(138, 186), columns: random.whole(4, 9) });
  }
  return buildings;
}

function treeTop(noise: Noise, azimuth: number): number {
  return 0.016 + 0.007 * noise.layered(azimuth * 22, 3, 4) + 0.002 * noise.at(azimuth * 600, 9);
}

function paintTrees(canvas: RgbCanvas, index: number, noise: Noise, azimuth: number, elevation: number): void {
  const leaves = noise.layered(azimuth * 160, elevation * 260, 3);
  const light = 88 + 26 * leaves + 900 * elevation;
  canvas.set(index, light * 0.93, light * 1.08, light * 0.86);
}

/** False where no building stands. */
function paintTown(canvas: RgbCanvas, index: number, town: Building[], azimuth: number, elevation: number): boolean {
  const hit = town.findLast(({ from, to, top }) => azimuth >= from && azimuth < to && elevation < top);
  if (!hit) return false;
  const across = (((azimuth - hit.from) / (hit.to - hit.from)) * hit.columns) % 1;
  const up = ((hit.top - elevation) / 0.0065) % 1;
  const window = across > 0.28 && across < 0.76 && up > 0.3 && up < 0.78 ? 20 : 0;
  const grey = hit.tone - window;
  canvas.set(index, grey, grey + 2, grey + 5);
  return true;
}

function paintSky(
  canvas: RgbCanvas,
  index: number,
  scene: Scene,
  noise: Noise,
  azimuth: number,
  elevation: number,
): void {
  const blue = step(0, 0.45, elevation) * scene.sun;
  const cloud = 13 * step(-0.1, 0.7, noise.layered(azimuth * 5, 2 + elevation * 26, 4));
  canvas.set(index, mix(206, 142, blue) + cloud, mix(212, 176, blue) + cloud, mix(218, 218, blue) + cloud * 0.7);
}
