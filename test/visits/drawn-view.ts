import type { Background } from '../../src/background/background.js';
import { emptyMask, type Mask } from '../../src/picture/mask.js';
import type { Picture } from '../../src/picture/picture.js';
import type { DamageAnalysis, Detection } from '../../src/damage/damage-detector.js';
import { noise } from '../vision/drawn-road.js';

export const WIDTH = 640;
export const HEIGHT = 360;
const COLUMNS = WIDTH / 8;
const ROWS = HEIGHT / 8;

/** How a view is drawn. */
export interface Look {
  /** Another seed is another place. */
  seed?: number;
  /** px that the camera has turned since; what is at (x, y) is drawn at (x - dx, y - dy). */
  dx?: number;
  dy?: number;
  /** Factor of brightness. */
  gain?: number;
  /** px; painted over what is there */
  patches?: { x: number; y: number; width: number; height: number; value: number }[];
}

/** A view full of things with edges, as streets are, with a little camera noise. */
export function drawView({ seed = 1, dx = 0, dy = 0, gain = 1, patches = [] }: Look = {}): Picture {
  const rgb = new Uint8Array(3 * WIDTH * HEIGHT);
  const things = Array.from({ length: 160 }, (_, i) => {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((k) => noise(seed * 10_007 + 5 * i + k)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return { x: 900 * a - 130, y: 600 * b - 120, width: 10 + 60 * c, height: 6 + 40 * d, value: 60 + 120 * e };
  });
  const scene = new Float32Array(WIDTH * HEIGHT).fill(110);
  const paint = (x: number, y: number, width: number, height: number, value: number) => {
    for (let v = Math.max(0, Math.round(y)); v < Math.min(HEIGHT, y + height); v++) {
      for (let u = Math.max(0, Math.round(x)); u < Math.min(WIDTH, x + width); u++) scene[v * WIDTH + u] = value;
    }
  };
  for (const { x, y, width, height, value } of things) paint(x - dx, y - dy, width, height, value);
  for (const { x, y, width, height, value } of patches) paint(x, y, width, height, value);
  scene.forEach((value, i) =>
    rgb.fill(Math.min(255, gain * value + 4 * noise(i + seed * 31 + dx) - 2), 3 * i, 3 * i + 3),
  );
  return { width: WIDTH, height: HEIGHT, rgb };
}

/** Blocks within a rectangle in px. */
export function blocks(x: number, y: number, width: number, height: number): Mask {
  const mask = emptyMask(COLUMNS, ROWS);
  for (let i = 0; i < mask.data.length; i++) {
    const [u, v] = [8 * (i % COLUMNS), 8 * Math.floor(i / COLUMNS)];
    mask.data[i] = Number(u >= x && u < x + width && v >= y && v < y + height);
  }
  return mask;
}

const LOOK: Background['meta']['look'] = {
  ...{ askedSeconds: 20, watchedSeconds: 20, endedByItself: false, reconnects: 0 },
  ...{ framesTaken: 60, framesDamaged: 0, showsDamaged: false, framesRepeated: 0, showsRepeats: false },
};

/** A background as the extractor gives it. */
export function backgroundOf(
  picture: Picture,
  change: Partial<Pick<Background, 'drivenRoad' | 'hiddenRoad' | 'traffic'>> & {
    light?: 'day' | 'night';
    hiddenRoadShare?: number;
    standingRoadShare?: number;
    verdict?: Background['meta']['verdict'];
  } = {},
): Background {
  const {
    light = 'day',
    hiddenRoadShare = 0,
    standingRoadShare = 0,
    verdict = verdictFor(hiddenRoadShare),
    ...masks
  } = change;
  return {
    picture,
    drivenRoad: blocks(160, 120, 320, 240),
    hiddenRoad: emptyMask(COLUMNS, ROWS),
    noMarks: emptyMask(COLUMNS, ROWS),
    traffic: [],
    ...masks,
    meta: {
      ...{ method: 'drawn', framesUsed: 60, width: WIDTH, height: HEIGHT, sourceFps: 25 },
      ...{ verdict, verdictReason: 'As drawn.', doubts: verdict === 'clear' ? [] : ['traffic'] },
      ...{ source: { width: WIDTH, height: HEIGHT, sampleAspectRatio: '1:1' }, look: LOOK },
      quality: {
        ...{
          coverage: 0.3,
          hiddenRoadShare,
          standingRoadShare,
          repairedRoadShare: 0,
          meanLuma: 110,
          sharpness: 20,
          light,
        },
        burntInShare: 0,
        steadyLight: { change: 'none', keptShare: 1, isInfrared: false },
        view: { showing: 'live', texture: 0, whole: 0, neighbours: 0, flatShare: 0, barShare: 0 },
        cameraSway: { aligned: false } as Background['meta']['quality']['cameraSway'],
      },
      timingsMs: { capture: 0, align: 0, motion: 0, median: 0, runs: 0, colour: 0, traffic: 0, total: 0 },
    },
  };
}

function verdictFor(hiddenRoadShare: number): Background['meta']['verdict'] {
  if (hiddenRoadShare > 0.1) return 'inconclusive';
  return hiddenRoadShare > 0.03 ? 'partly_hidden' : 'clear';
}

/** A damage whose box is in px. */
export function crackAt(x: number, y: number, width = 60, height = 30, change: Partial<Detection> = {}): Detection {
  return {
    ...{ class: 'crack', confidence: 0.9, severity: 'medium', areaPx: 400 },
    box: { x, y, width, height },
    boxNormalized: { x: x / WIDTH, y: y / HEIGHT, width: width / WIDTH, height: height / HEIGHT },
    ...change,
  };
}

/** An analysis of these damages. */
export function analysisOf(detections: Detection[], verdict: DamageAnalysis['verdict'] = 'clear'): DamageAnalysis {
  return {
    ...{ detector: { name: 'drawn', version: '1' }, verdict, verdictReason: 'As drawn.', detections },
    ...{ roadBy: 'traffic', reported: 0 },
    ...{ damagedRoadShare: 0.01 * detections.length, roadShare: 0.3, image: { width: WIDTH, height: HEIGHT } },
  };
}
