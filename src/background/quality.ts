import type { BackgroundVerdict, Light } from './background.js';

/** Above this share of doubtful road the picture shows more traffic than road (5 % in heavy traffic, 21 % in a queue). */
const INCONCLUSIVE_SHARE = 0.1;
const PARTLY_HIDDEN_SHARE = 0.03;

/** Mean luma below which it is night, and below which it is dusk. */
const NIGHT_LUMA = 50;
const DUSK_LUMA = 80;

/** What a background is judged by. */
export interface Evidence {
  /** True when the first and the last frame are the same to the last bit: no camera is that still. */
  frozen: boolean;
  /** Share of the picture where traffic moved. */
  coverage: number;
  /** Share of that on which two ways to find the road disagree. */
  hiddenRoadShare: number;
}

/** Judges a background. */
export function verdictOf(evidence: Evidence): { verdict: BackgroundVerdict; verdictReason: string } {
  const { frozen, coverage, hiddenRoadShare } = evidence;
  if (frozen) return judged('inconclusive', 'All frames are the same: the camera or its stream is frozen, restart it.');
  if (coverage === 0) return judged('clear', 'Nothing moved; a vehicle that stood all the time would still be there.');
  const share = `${(100 * hiddenRoadShare).toFixed(1)} % of the driven road`;
  if (hiddenRoadShare > INCONCLUSIVE_SHARE) {
    return judged('inconclusive', `Traffic hid ${share} for most of the time: look at another time.`);
  }
  if (hiddenRoadShare > PARTLY_HIDDEN_SHARE) {
    return judged('partly_hidden', `Traffic hid ${share} for much of the time.`);
  }
  return judged('clear', `The road was seen: ${share} is in doubt.`);
}

function judged(verdict: BackgroundVerdict, verdictReason: string) {
  return { verdict, verdictReason };
}

/** The mean of a luma plane. */
export function meanOf(luma: Uint8Array): number {
  let sum = 0;
  for (const value of luma) sum += value;
  return luma.length === 0 ? 0 : sum / luma.length;
}

/** The light of a scene by its mean luma. */
export function lightOf(meanLuma: number): Light {
  if (meanLuma < NIGHT_LUMA) return 'night';
  return meanLuma < DUSK_LUMA ? 'dusk' : 'day';
}
