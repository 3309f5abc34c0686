import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clipFolder, removeDrafts, renderClip } from '../../demo/clip.js';
import { DEMO_FOLDER } from '../../demo/places.js';
import { printScores } from '../background/print-scores.js';
import { scoreScene, type SceneScore } from '../background/scene-score.js';
import { drawnScenes, FIRST_SEED } from './scenes.js';

/** Clips are kept, for drawing takes longer than all the rest. Apart from those of a demo that may be running. */
const CACHE = join(DEMO_FOLDER, 'drawn');

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    median: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(FIRST_SEED) },
  },
});

await removeDrafts(CACHE);
const scores: Record<string, SceneScore> = {};
for (const [name, scene] of drawnScenes(Number(values.seed))) {
  await renderClip(CACHE, scene);
  const folder = clipFolder(CACHE, scene);
  const files = { clip: join(folder, 'clip.m3u8'), truth: join(folder, 'empty.png'), road: join(folder, 'road.png') };
  scores[name] = await scoreScene(files, values.median);
}
if (values.json) console.log(JSON.stringify(scores));
else printScores(scores);
