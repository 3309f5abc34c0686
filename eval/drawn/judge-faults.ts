import { join } from 'node:path';
import type { BackgroundVerdict, Doubt } from '../../src/background/background.js';
import { extractBackground } from '../../src/background/extract.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { emptyMask, regionsOf } from '../../src/picture/mask.js';
import { greyOf, readGrey, readMask } from '../background/grey.js';

/** What the service says of something that went wrong, and what of it is left on the road. */
export interface FaultVerdict {
  verdict: BackgroundVerdict;
  doubts: Doubt[];
  /** Largest part of the road that is off by more than 20 grey values, px; undefined where the picture shows no road. */
  blotPx?: number;
}

/** A vehicle, even one far away, is larger than this, px at 720p; less is specks at the horizon. */
export const LARGEST_SPECK_PX = 400;

/** Wrong by more than this is not the road: grey values, as SBMnet has it. */
const WRONG = 20;

/** Finds the background of faulty frames. @param truth a clip's folder, if the frames show its road at all */
export async function judgeFault(captured: CapturedFrames, truth?: string): Promise<FaultVerdict> {
  const { picture, meta } = await extractBackground(captured, new AbortController().signal);
  const { verdict, doubts } = meta;
  if (truth === undefined) return { verdict, doubts };
  const { rgb, width, height } = picture;
  const [empty, road] = [await readGrey(join(truth, 'empty.png')), await readMask(join(truth, 'road.png'))];
  const wrong = emptyMask(width, height);
  greyOf(rgb, width, height).data.forEach((value, i) => {
    if (road.data[i] === 1 && Math.abs(value - empty.data[i]!) > WRONG) wrong.data[i] = 1;
  });
  const blotPx = regionsOf(wrong).reduce((largest, { length }) => Math.max(largest, length), 0);
  return { verdict, doubts, blotPx };
}

/** Whether something is called clear although the road was not seen, or not as it is. */
export function isFalselyClear({ verdict, blotPx }: FaultVerdict): boolean {
  return verdict === 'clear' && (blotPx === undefined || blotPx > LARGEST_SPECK_PX);
}
