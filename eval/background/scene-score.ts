import { existsSync } from 'node:fs';
import type { BackgroundVerdict } from '../../src/background/background.js';
import { extractBackground } from '../../src/background/extract.js';
import type { Picture } from '../../src/picture/picture.js';
import { clipFrames } from './clip-frames.js';
import { greyOf, readGrey, readMask, type Grey } from './grey.js';
import { plainMedian } from './plain-median.js';
import { errorShareWithin, scoreOf, type BackgroundScore } from './sbmnet.js';

/** Where a scene's clip and its truth lie. */
export interface SceneFiles {
  clip: string;
  /** The exact empty road. */
  truth: string;
  /** A mask, white where the road is; need not be there. */
  road: string;
}

/** How far a picture is from the truth. */
export interface PictureScore extends BackgroundScore {
  /** Share of the road off by more than 20, 0..1; absent where it is not known where the road is. */
  roadPEPs?: number;
}

/** What is known of one scene's background. */
export interface SceneScore extends PictureScore {
  verdict: BackgroundVerdict;
  /** What the plain median makes of the same frames; absent unless asked for. */
  median?: PictureScore;
}

/** s of each clip that are watched: the default of a job. */
const SECONDS = 20;

/** Finds a clip's background as a job would, and scores it; with `withMedian` the plain median of the same frames too. */
export async function scoreScene(files: SceneFiles, withMedian: boolean): Promise<SceneScore> {
  const score = await scorerFor(files);
  const captured = await clipFrames(files.clip, SECONDS);
  // First, for frames of a camera that sways are moved in place.
  const median = withMedian ? { median: score(plainMedian(captured)) } : {};
  const { picture, meta } = await extractBackground(captured, new AbortController().signal);
  const { roadPEPs, ...rest } = score(picture);
  return { ...rest, verdict: meta.verdict, ...(roadPEPs !== undefined && { roadPEPs }), ...median };
}

async function scorerFor({ truth, road }: SceneFiles): Promise<(picture: Picture) => PictureScore> {
  const grey = await readGrey(truth);
  const mask = existsSync(road) ? (await readMask(road)).data : undefined;
  return ({ rgb, width, height }) => scorePicture(greyOf(rgb, width, height), grey, mask);
}

function scorePicture(background: Grey, truth: Grey, road: Uint8Array | undefined): PictureScore {
  const score = scoreOf(background, truth);
  return road === undefined ? score : { ...score, roadPEPs: errorShareWithin(road, background, truth) };
}
