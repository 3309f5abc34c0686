import { bendAt, type Camera } from './camera.js';
import type { Rgb } from './color.js';
import type { RgbCanvas } from './rgb-canvas.js';
import { mix } from './noise.js';
import { randomFor, type Random } from './random.js';
import { halfWidth } from './road-map.js';
import type { Scene } from './scene.js';

/** m: place, height of the crown's middle, and the crown's radius */
export interface Tree {
  u: number;
  v: number;
  height: number;
  crown: number;
}

/** m */
export interface Pole {
  u: number;
  v: number;
  height: number;
}

/** What stands beside the road. */
export interface Roadside {
  trees: Tree[];
  poles: Pole[];
}

const RAIL_OFFSET_M = 0.7;
const FARTHEST_M = 170;
const LEAVES = 420;

/** Plants trees behind both guard rails and lamps at regular distances behind one. */
export function plantRoadside(scene: Scene): Roadside {
  const random = randomFor(scene.seed, 'roadside');
  const trees: Tree[] = [];
  for (const side of [-1, 1]) {
    for (let v = random.between(8, 24); v < FARTHEST_M; v += random.between(5, 24))
      trees.push(treeAt(scene, side, v, random));
  }
  const poles: Pole[] = [];
  const side = random.chance(0.5) ? 1 : -1;
  for (let v = random.between(12, 30); v < FARTHEST_M; v += 32) {
    poles.push({ u: side * (halfWidth(scene) + 1.6), v, height: 8.5 });
  }
  return { trees, poles };
}

function treeAt(scene: Scene, side: number, v: number, random: Random): Tree {
  const crown = random.between(1.3, 2.5);
  return { u: side * (halfWidth(scene) + random.between(3, 9)), v, height: crown + random.between(1.6, 3), crown };
}

/** Draws what stands beside the road, the farthest first. */
export function drawRoadside(canvas: RgbCanvas, camera: Camera, scene: Scene, roadside: Roadside): void {
  const random = randomFor(scene.seed, 'leaves');
  const things = [
    ...roadside.trees.map((tree) => ({ v: tree.v, draw: () => drawTree(canvas, camera, scene, tree, random) })),
    ...roadside.poles.map((pole) => ({ v: pole.v, draw: () => drawPole(canvas, camera, scene, pole) })),
  ];
  drawRails(canvas, camera, scene);
  for (const thing of things.sort((a, b) => b.v - a.v)) thing.draw();
}

function drawTree(canvas: RgbCanvas, camera: Camera, scene: Scene, tree: Tree, random: Random): void {
  const x = tree.u + bendAt(scene, tree.v);
  const foot = camera.project(x, tree.v, 0);
  const top = camera.project(x, tree.v, tree.height);
  const px = camera.scaleAt(Math.max(1, top.depth));
  const trunk = 0.1 * px;
  canvas.fill(
    [foot.x - trunk, foot.y, top.x - trunk / 2, top.y, top.x + trunk / 2, top.y, foot.x + trunk, foot.y],
    [74, 62, 52],
    1,
  );
  const tone = random.between(0.8, 1.15);
  for (let i = 0; i < LEAVES; i++) {
    const angle = random.between(0, 2 * Math.PI);
    const away = tree.crown * Math.sqrt(random.next());
    const dx = Math.cos(angle) * away;
    const dz = Math.sin(angle) * away * 1.05;
    // Light comes from above; the layers in front, drawn last, are the lighter ones.
    const light = tone * (0.5 + 0.2 * (dz / tree.crown) + 0.4 * (i / LEAVES) + random.between(-0.16, 0.16));
    canvas.blob(top.x + dx * px, top.y - dz * px, random.between(0.1, 0.28) * px, leafColor(light, top.depth), 0.9);
  }
}

function leafColor(light: number, depth: number): Rgb {
  const haze = Math.min(0.6, depth / 300);
  return [mix(78 * light, 168, haze), mix(104 * light, 178, haze), mix(54 * light, 184, haze)];
}

function drawPole(canvas: RgbCanvas, camera: Camera, scene: Scene, pole: Pole): void {
  const x = pole.u + bendAt(scene, pole.v);
  const foot = camera.project(x, pole.v, 0);
  const top = camera.project(x, pole.v, pole.height);
  if (foot.depth < 2 || top.depth < 2) return;
  const width = 0.07 * camera.scaleAt(foot.depth);
  const thin = 0.04 * camera.scaleAt(top.depth);
  canvas.fill(
    [foot.x - width, foot.y, top.x - thin, top.y, top.x + thin, top.y, foot.x + width, foot.y],
    [128, 132, 134],
    1,
  );
  const lamp = camera.project(x - Math.sign(pole.u) * 1.8, pole.v, pole.height + 0.3);
  canvas.fill(
    [top.x, top.y - thin, lamp.x, lamp.y - thin, lamp.x, lamp.y + thin, top.x, top.y + thin],
    [118, 122, 126],
    1,
  );
}

/** Guard rails on both sides, in pieces of 2 m: a post, a light upper and a darker lower half of the beam. */
function drawRails(canvas: RgbCanvas, camera: Camera, scene: Scene): void {
  for (let v = FARTHEST_M; v > 0; v -= 2) {
    for (const side of [-1, 1]) drawRail(canvas, camera, scene, side * (halfWidth(scene) + RAIL_OFFSET_M), v);
  }
}

function drawRail(canvas: RgbCanvas, camera: Camera, scene: Scene, u: number, v: number): void {
  const at = (ahead: number, z: number): number[] => {
    const point = camera.project(u + bendAt(scene, ahead), ahead, z);
    return point.depth > 1 ? [point.x, point.y] : [];
  };
  const band = (low: number, high: number, color: Rgb): void => {
    const points = [...at(v, low), ...at(v, high), ...at(v + 2, high), ...at(v + 2, low)];
    if (points.length === 8) canvas.fill(points, color, 1);
  };
  const post = [...at(v, 0), ...at(v, 0.7), ...at(v + 0.12, 0.7), ...at(v + 0.12, 0)];
  if (v % 4 === 0 && post.length === 8) canvas.fill(post, [98, 100, 100], 1);
  band(0.42, 0.52, [120, 123, 124]);
  band(0.52, 0.6, [156, 159, 160]);
  band(0.6, 0.66, [112, 115, 117]);
  band(0.66, 0.75, [172, 175, 176]);
}
