import { Camera } from '../../demo/renderer/camera.js';
import {
  drawStill,
  FramePainter,
  sceneOf,
  VIEWPOINTS,
  yuvFrame,
  type Scene,
  type Still,
  type Viewpoint,
} from '../../demo/renderer/index.js';
import { randomFor } from '../../demo/renderer/random.js';
import { shadowOf } from '../../demo/renderer/sunlight.js';
import { anyVehicle } from '../../demo/renderer/vehicle-models.js';
import { VehiclePainter } from '../../demo/renderer/vehicle-painter.js';
import { extractBackground } from '../../src/background/extract.js';
import type { Background } from '../../src/background/background.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { wholeLook } from './drawn-road.js';

/** px; small, as drawing takes the time of these tests. */
const [WIDTH, HEIGHT] = [480, 270];

const PAIRS = 30;
const SECONDS = 20;
const never = new AbortController().signal;

/** The demo's views, and two more: low and wide, and from far with a long lens. */
export const VIEWS: Record<string, Viewpoint> = {
  ...VIEWPOINTS,
  low: { height: 6, offset: 3, tilt: 12, yaw: 5, fieldOfView: 66 },
  tele: { height: 10, offset: -3, tilt: 15, yaw: -4, fieldOfView: 38 },
};

/** A sound road with normal traffic, for twenty seconds. */
export function roadSeen(view: Viewpoint, wishes: Partial<Scene> = {}): Scene {
  const damage = { cracks: false, alligator: false, potholes: false };
  return sceneOf({ width: WIDTH, height: HEIGHT, view, damage, seconds: 2 * SECONDS, ...wishes });
}

/** What a look at a scene gives. @param still drawn before, of the same road */
export function seenOf(scene: Scene, still: Still = drawStill(scene)): Promise<Background> {
  const painter = new FramePainter(scene, still);
  return extracted(scene, (time, frame) => painter.paint(Math.round(time * scene.fps), frame));
}

/** One lane in which vehicles creep away; nobody drives in the others. @param speed m/s @param gap between two, m */
export function crawlOf(scene: Scene, still: Still, speed: number, gap: number): Promise<Background> {
  const painter = new VehiclePainter(scene, new Camera(scene), shadowOf(scene));
  const random = randomFor(scene.seed, 'crawl');
  const queue = Array.from({ length: 16 }, () => anyVehicle(random));
  const empty = new FramePainter({ ...scene, traffic: 0 }, still);
  return extracted(scene, (time, frame) => {
    empty.paint(Math.round(time * scene.fps), frame);
    let rear = speed * (time - 20);
    const placed = queue.map((vehicle) => {
      const place = { vehicle, u: 1.7, v: rear, oncoming: false };
      rear += vehicle.model.length + gap;
      return place;
    });
    for (const place of placed.reverse()) painter.paint(frame, place);
  });
}

async function extracted(scene: Scene, paint: (time: number, frame: ReturnType<typeof yuvFrame>) => void) {
  const times = Array.from({ length: PAIRS }, (_, pair) => (pair * SECONDS) / PAIRS).flatMap((time) => [
    time,
    time + 1 / scene.fps,
  ]);
  const frames = times.map((time) => {
    const frame = yuvFrame(scene.width, scene.height);
    paint(time, frame);
    return frame.bytes;
  });
  const captured: CapturedFrames = {
    ...{ width: scene.width, height: scene.height, frames, timesSeconds: times, groups: times.map((_, i) => i) },
    ...{ look: wholeLook(scene.width, scene.height, frames.length), sourceFps: scene.fps },
    ...{ colorMatrix: 'bt709', fullRange: false },
  };
  return extractBackground(captured, never);
}

/** How many px a metre across the view takes at `ahead` m, and in which row; undefined where that is not in the picture. */
export function truthAt(scene: Scene, ahead: number): { row: number; pxPerMetre: number } | undefined {
  const camera = new Camera(scene);
  const { y, depth } = camera.project(0, ahead, 0);
  return y < 0 || y >= scene.height ? undefined : { row: y / scene.height, pxPerMetre: camera.scaleAt(depth) };
}
