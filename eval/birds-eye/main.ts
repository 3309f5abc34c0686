import { Camera } from '../../demo/renderer/camera.js';
import {
  ALL_DAMAGE,
  drawStill,
  NO_DAMAGE,
  sceneOf,
  VIEWPOINTS,
  type Scene,
  type Still,
} from '../../demo/renderer/index.js';
import { regionsOf, type Mask } from '../../src/picture/mask.js';
import type { Calibration } from '../../src/cameras/camera.js';
import { BuiltinDetector } from '../../src/damage/builtin/builtin-detector.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import { CalibratedDetector } from '../../src/damage/birds-eye/calibrated-detector.js';
import type { DamageDetector, Detection } from '../../src/damage/damage-detector.js';

/** What one way of looking found on drawn roads. */
interface Tally {
  /** Drawn pieces of damage of {@link SMALLEST} px or more, and how many of them a right mark touches. */
  drawn: number;
  found: number;
  /** The same beyond {@link FAR} m. */
  farDrawn: number;
  farFound: number;
  /** Marks, and how many of them hold almost no damage. */
  marks: number;
  falseMarks: number;
  /** Pictures of sound roads, and how many of them have a mark that is not called inconclusive. */
  sound: number;
  alarmed: number;
}

const SEEDS = Array.from({ length: 6 }, (_, i) => 300 + i);
/** px; smaller pieces cannot be seen */
const SMALLEST = 150;
/** m */
const FAR = 25;
/** Of a right mark's outline box at least this share is damage (4 px of tolerance). */
const LEAST_TRUTH = 0.05;

const builtin = new BuiltinDetector();
const classical = new ClassicalCrackDetector();
const ways: Record<string, DamageDetector> = {
  builtin,
  'builtin, with the view from above': new CalibratedDetector(builtin, 0),
  classical,
  'classical, with the view from above': new CalibratedDetector(classical, 0),
};
const tallies: Record<string, Tally> = {};
for (const seed of SEEDS) {
  for (const view of Object.values(VIEWPOINTS)) {
    for (const damage of [ALL_DAMAGE, NO_DAMAGE]) {
      const scene = sceneOf({ seed, view, damage, lanes: 1 + (seed % 3) });
      await look(scene, drawStill(scene));
    }
  }
}
if (process.argv.includes('--json')) console.log(JSON.stringify(tallies));
else console.table(tallies);

async function look(scene: Scene, { picture, truth }: Still): Promise<void> {
  const options = { drivenRoad: blocksOf(truth.road, scene), calibration: calibrationOf(scene) };
  const damage = maskOf(scene, (i) => truth.crack[i]! > 127 || truth.pothole[i]! > 127);
  for (const [name, detector] of Object.entries(ways)) {
    const { detections, doubts } = await detector.detect(picture, {
      ...options,
      signal: new AbortController().signal,
    });
    const tally = (tallies[name] ??= emptyTally());
    if (scene.damage === NO_DAMAGE) {
      tally.sound++;
      if (doubts.length === 0 && detections.length > 0) tally.alarmed++;
    } else count(tally, detections, damage, scene);
  }
}

function count(tally: Tally, detections: readonly Detection[], damage: Mask, scene: Scene): void {
  const right = detections.filter((detection) => truthIn(detection, damage) >= LEAST_TRUTH);
  tally.marks += detections.length;
  tally.falseMarks += detections.length - right.length;
  const camera = new Camera(scene);
  for (const pixels of regionsOf(damage).filter(({ length }) => length >= SMALLEST)) {
    const isFound = right.some(({ box }) =>
      pixels.some((pixel) => isIn(box, pixel % scene.width, pixel / scene.width)),
    );
    const ground = { x: 0, y: 0 };
    camera.ground(pixels[0]! % scene.width, pixels[0]! / scene.width, ground);
    tally.drawn++;
    tally.found += Number(isFound);
    tally.farDrawn += Number(ground.y > FAR);
    tally.farFound += Number(ground.y > FAR && isFound);
  }
}

function truthIn({ box }: Detection, damage: Mask): number {
  let inside = 0;
  for (let y = Math.floor(box.y); y < box.y + box.height; y++) {
    for (let x = Math.floor(box.x); x < box.x + box.width; x++) inside += damage.data[y * damage.width + x] ?? 0;
  }
  return inside / (box.width * box.height);
}

function isIn({ x, y, width, height }: Detection['box'], u: number, v: number): boolean {
  return u >= x && u <= x + width && v >= y && v <= y + height;
}

/** The road between the lower edge of the picture and 40 m further on. */
function calibrationOf(scene: Scene): Calibration {
  const camera = new Camera(scene);
  const half = 3.4 * scene.lanes;
  const near = { x: 0, y: 0 };
  camera.ground(scene.width / 2, scene.height * 0.98, near);
  const corner = (x: number, y: number) => {
    const at = camera.project(x, y, 0);
    return [at.x / scene.width, at.y / scene.height] as const;
  };
  const far = near.y + 40;
  return {
    corners: [corner(-half, far), corner(half, far), corner(half, near.y), corner(-half, near.y)],
    widthM: 2 * half,
    lengthM: 40,
  };
}

function blocksOf(road: Uint8Array, scene: Scene): Mask {
  const [width, height] = [scene.width / 8, scene.height / 8];
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const pixel = (Math.floor(i / width) * 8 + 4) * scene.width + (i % width) * 8 + 4;
    return road[pixel]! > 127 ? 1 : 0;
  });
  return { width, height, data };
}

function maskOf({ width, height }: Scene, isSet: (pixel: number) => boolean): Mask {
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => Number(isSet(i))) };
}

function emptyTally(): Tally {
  return { drawn: 0, found: 0, farDrawn: 0, farFound: 0, marks: 0, falseMarks: 0, sound: 0, alarmed: 0 };
}
