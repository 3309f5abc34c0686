import { basename, join, resolve } from 'node:path';
import { readArguments } from '../arguments.js';
import { printScores } from './print-scores.js';
import { scoreScene, type SceneScore } from './scene-score.js';

const USAGE = 'eval:background -- [--json] [--median] <folder with clip.mp4 and gt.png> …';

const { json, flags, folders } = readArguments(USAGE, ['--median']);
const scores: Record<string, SceneScore> = {};
for (const folder of folders) {
  const files = { clip: join(folder, 'clip.mp4'), truth: join(folder, 'gt.png'), road: join(folder, 'road.png') };
  scores[basename(resolve(folder))] = await scoreScene(files, flags.has('--median'));
}
if (json) console.log(JSON.stringify(scores));
else printScores(scores);
