import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import { loadModel } from '../../src/damage/model/inference.js';
import { readArguments } from '../arguments.js';
import { COCO_FILE, readCoco } from './coco.js';
import { averagePrecision, matched, scoreF1, type Match } from './matching.js';
import { judgeLabelled, judgeSample, type JudgedSample } from './sample.js';

/** What is known of a detector, all 0..1. */
interface DamageScores {
  images: number;
  pothole: { f1At30: number; f1At50: number; apAt30: number };
  crack: { f1At30: number; f1At50: number; cellF1: number };
}

const RAW = '_RAW.jpg';

const { json, folders } = readArguments(
  'eval:damage -- [--json] <folder with <name>_RAW.jpg, _CRACK.png, …, or an unpacked findings-coco.zip>',
);
const model = await loadModel(ROAD_DAMAGE.file);
const samples: JudgedSample[] = [];
for (const folder of folders) {
  if (existsSync(join(folder, COCO_FILE))) {
    for (const picture of await readCoco(folder)) samples.push(await judgeLabelled(model, picture));
    continue;
  }
  const names = (await readdir(folder)).filter((name) => name.endsWith(RAW)).sort();
  for (const name of names) samples.push(await judgeSample(model, join(folder, basename(name, RAW))));
}
await model.close();
if (samples.length === 0) {
  console.error(`There is no picture named …${RAW} and no ${COCO_FILE} in ${folders.join(', ')}.`);
  process.exit(2);
}
const scores = scoresOf(samples);
if (json) console.log(JSON.stringify(scores));
else print(scores);

function scoresOf(all: readonly JudgedSample[]): DamageScores {
  const at = (kind: 'potholes' | 'cracks', iou: number) =>
    scoreF1(all.map((sample) => matched(sample[kind].found, sample[kind].true, iou)));
  const candidates = all.map(({ potholes }) => matched(potholes.candidates, potholes.true, 0.3));
  return {
    images: all.length,
    pothole: { f1At30: at('potholes', 0.3).f1, f1At50: at('potholes', 0.5).f1, apAt30: averagePrecision(candidates) },
    crack: { f1At30: at('cracks', 0.3).f1, f1At50: at('cracks', 0.5).f1, cellF1: cellF1(all) },
  };
}

/** Cells of a crack found and cells found that are a crack, each with a tolerance of one cell. */
function cellF1(all: readonly JudgedSample[]): number {
  const sum = (value: (sample: JudgedSample) => number) => all.reduce((total, sample) => total + value(sample), 0);
  const precision =
    sum(({ cells }) => cells.right) /
    Math.max(
      1,
      sum(({ cells }) => cells.marked),
    );
  const recall =
    sum(({ cells }) => cells.found) /
    Math.max(
      1,
      sum(({ cells }) => cells.true),
    );
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function print({ images, pothole, crack }: DamageScores): void {
  const detail = (kind: 'potholes' | 'cracks', iou: number) => {
    const matches: Match[] = samples.map((sample) => matched(sample[kind].found, sample[kind].true, iou));
    const { precision, recall, f1 } = scoreF1(matches);
    return { precision: precision.toFixed(3), recall: recall.toFixed(3), F1: f1.toFixed(3) };
  };
  console.log(`${images} pictures`);
  console.table({
    'potholes, IoU 0.3': { ...detail('potholes', 0.3), AP: pothole.apAt30.toFixed(3) },
    'potholes, IoU 0.5': detail('potholes', 0.5),
    'cracks, IoU 0.3': detail('cracks', 0.3),
    'cracks, IoU 0.5': detail('cracks', 0.5),
    'crack cells': { F1: crack.cellF1.toFixed(3) },
  });
}
