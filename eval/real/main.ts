import { readdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import { extractBackground } from '../../src/background/extract.js';
import { BuiltinDetector } from '../../src/damage/builtin/builtin-detector.js';
import { isSure } from '../../src/damage/reported.js';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import { loadModel } from '../../src/damage/model/inference.js';
import { inspectPicture } from '../../src/inspection/inspect-road.js';
import type { Mask } from '../../src/picture/mask.js';
import type { Picture } from '../../src/picture/picture.js';
import { readArguments } from '../arguments.js';
import { clipFrames } from '../background/clip-frames.js';
import { ROAD_DAMAGE_1 } from './road-damage-1.js';
import { roadScoreOf, type RoadScore } from './road-score.js';
import { contactSheet, type Shown } from './sheet.js';
import { judgePicture, tallyOf, type JudgedPicture, type Tally } from './tally.js';
import { truthsOf, type Truth } from './truth.js';

const USAGE =
  'eval:real -- [--json] [--no-traffic] [--before] <folder>…\n' +
  'A folder holds pictures (.jpg, .png) or clips (.mp4) of roads and, where known, labels.json, scale.json and <name>.driven.png.\n' +
  '--no-traffic  does not tell the detector where traffic drove\n' +
  '--before      scores model 1.1 beside the present one';

const PICTURES = ['.jpg', '.jpeg', '.png'];
const SHEET = 'marks.jpg';
/** s of a clip that are watched: the default of a job. */
const SECONDS = 20;
const { signal } = new AbortController();

interface Scores extends Tally {
  /** Means over the pictures of which it is known where traffic drove. */
  road: RoadScore | undefined;
}

const { json, flags, folders } = readArguments(USAGE, ['--no-traffic', '--before']);
const models = [ROAD_DAMAGE, ...(flags.has('--before') ? [ROAD_DAMAGE_1] : [])];
const scores: Record<string, Scores> = {};
for (const folder of folders) {
  for (const model of models) {
    const { shown, tally } = await scoreFolder(folder, model);
    scores[`${basename(folder)}, model ${model.version}`] = tally;
    if (model === ROAD_DAMAGE) await writeFile(join(folder, SHEET), await contactSheet(shown));
  }
}
if (json) console.log(JSON.stringify(scores));
else print();
process.exit(0);

async function scoreFolder(folder: string, settings: typeof ROAD_DAMAGE): Promise<{ shown: Shown[]; tally: Scores }> {
  const detector = new BuiltinDetector(undefined, settings);
  const truthOf = await truthsOf(folder);
  const loaded = await loadModel(settings.file);
  const shown: Shown[] = [];
  const roads: RoadScore[] = [];
  for (const file of await filesOf(folder)) {
    const name = basename(file, extname(file));
    const truth = await truthOf(name);
    const { picture, drivenRoad } = await seen(join(folder, file), truth);
    const { analysis } = await inspectPicture(detector, picture, { drivenRoad, signal });
    shown.push({ picture, judged: judgePicture(name, analysis, truth) });
    if (truth.driven !== undefined) roads.push(await roadScoreOf(picture, truth.driven, { settings, loaded }));
  }
  await loaded.close();
  return { shown, tally: { ...tallyOf(judgedOf(shown), isSure), road: meanOf(roads) } };
}

async function filesOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name !== SHEET && !name.includes('.driven.'));
  const files = names.filter((name) => [...PICTURES, '.mp4'].includes(extname(name).toLowerCase())).sort();
  if (files.length > 0) return files;
  console.error(`There is no picture and no clip in ${folder}.`);
  process.exit(2);
}

/** What the detector is given: of a clip the empty road, and where traffic drove unless it is not to know. */
async function seen(file: string, { driven }: Truth): Promise<{ picture: Picture; drivenRoad: Mask | undefined }> {
  const isBlind = flags.has('--no-traffic');
  if (extname(file) === '.mp4') {
    const { picture, drivenRoad } = await extractBackground(await clipFrames(file, SECONDS), signal);
    return { picture, drivenRoad: isBlind ? undefined : drivenRoad };
  }
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, rgb: new Uint8Array(data) };
  return { picture, drivenRoad: isBlind ? undefined : driven };
}

function judgedOf(shown: readonly Shown[]): JudgedPicture[] {
  return shown.map(({ judged }) => judged);
}

function meanOf(roads: readonly RoadScore[]): RoadScore | undefined {
  if (roads.length === 0) return undefined;
  const mean = (value: (road: RoadScore) => number) => roads.reduce((sum, road) => sum + value(road), 0) / roads.length;
  return {
    drivenFound: mean(({ drivenFound }) => drivenFound),
    farCalledRoad: mean(({ farCalledRoad }) => farCalledRoad),
    drivenCalledVehicle: mean(({ drivenCalledVehicle }) => drivenCalledVehicle),
  };
}

function print(): void {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  const rows = Object.entries(scores).map(([set, { pictures, inconclusive, marks, soundPictures, road, ...tally }]) => [
    set,
    {
      pictures,
      inconclusive,
      marks,
      'false a picture': tally.falseMarksPerPicture.toFixed(2),
      'sound marked': `${percent(tally.soundMarked)} of ${soundPictures}`,
      'sound reported': percent(tally.soundReported),
      ...(road && { 'driven found': road.drivenFound.toFixed(2), 'far called road': road.farCalledRoad.toFixed(3) }),
    },
  ]);
  console.table(Object.fromEntries(rows));
  for (const [set, { found }] of Object.entries(scores)) {
    if (Object.keys(found).length > 0) console.log(set, found);
  }
  console.log(`The marks of each folder were drawn into its ${SHEET}.`);
}
