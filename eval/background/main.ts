import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { BackgroundVerdict } from '../../src/background/background.js';
import { extractBackground } from '../../src/background/extract.js';
import { readArguments } from '../arguments.js';
import { clipFrames } from './clip-frames.js';
import { greyOf, readGrey, readMask } from './grey.js';
import { errorShareWithin, scoreOf, type BackgroundScore } from './sbmnet.js';

/** What is known of one scene's background. */
interface SceneScore extends BackgroundScore {
  verdict: BackgroundVerdict;
  /** Share of the road off by more than 20, 0..1; absent where there is no `road.png`. */
  roadPEPs?: number;
}

/** s of each clip that are watched: the default of a job. */
const SECONDS = 20;

const { json, folders } = readArguments('eval:background -- [--json] <folder with clip.mp4 and gt.png> …');
const scores: Record<string, SceneScore> = {};
for (const folder of folders) scores[basename(resolve(folder))] = await scoreScene(folder);
if (json) console.log(JSON.stringify(scores));
else print(scores);

async function scoreScene(folder: string): Promise<SceneScore> {
  const captured = await clipFrames(join(folder, 'clip.mp4'), SECONDS);
  const { picture, meta } = await extractBackground(captured, new AbortController().signal);
  const background = greyOf(picture.rgb, picture.width, picture.height);
  const truth = await readGrey(join(folder, 'gt.png'));
  const score = { ...scoreOf(background, truth), verdict: meta.verdict };
  const road = join(folder, 'road.png');
  if (!existsSync(road)) return score;
  return { ...score, roadPEPs: errorShareWithin((await readMask(road)).data, background, truth) };
}

function print(all: Record<string, SceneScore>): void {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const rows = Object.entries(all).map(([scene, { age, pEPs, pCEPs, msSsim, psnr, verdict, roadPEPs }]) => ({
    scene,
    AGE: age.toFixed(2),
    pEPs: percent(pEPs),
    pCEPs: percent(pCEPs),
    'MS-SSIM': msSsim.toFixed(3),
    PSNR: psnr.toFixed(1),
    'pEPs of the road': roadPEPs === undefined ? '' : percent(roadPEPs),
    verdict,
  }));
  console.table(rows);
}
