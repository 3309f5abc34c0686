import type { BackgroundMeta, BackgroundVerdict, Doubt, Light, LookMeta } from './background.js';
import type { SteadyLight } from './view/steady-light.js';
import type { CameraSway } from './steps/camera-sway.js';
import type { Showing } from './view/view.js';

/** Above this share of doubtful road the picture shows more traffic than road (5 % in heavy traffic, 21 % in a queue). */
const INCONCLUSIVE_SHARE = 0.1;
const PARTLY_HIDDEN_SHARE = 0.03;

/** Of vehicles that are seen it is known which road they hide, so more of it may be hidden before the rest says nothing. */
export const QUEUE_SHARE = 0.3;

/**
 * Of the time asked for so much has to be watched. A vehicle is taken out of the road if it left while it was watched: in
 * four fifths of the time nearly all do that would have in all of it, so a lost segment or two do no harm …
 */
const WHOLE_LOOK_SHARE = 0.8;
/** … but who watched less than half does not know what would have left in the other half. */
const SHORT_LOOK_SHARE = 0.5;

/** With fewer whole frames than this share, a vehicle may show in most of those that are left. */
const WHOLE_FRAMES_SHARE = 0.5;

/** Mean luma below which it is night, and below which it is dusk. */
const NIGHT_LUMA = 50;
const DUSK_LUMA = 80;

/** What a background is judged by. */
export interface Evidence {
  showing: Showing;
  /** Share of the picture where traffic moved. */
  coverage: number;
  /** Share of that on which two ways to find the road disagree. */
  hiddenRoadShare: number;
  /** Share of that on which something may stand. */
  standingRoadShare: number;
  steadyLight: SteadyLight;
  cameraSway: CameraSway;
  look: LookMeta;
}

/** A verdict, why, and the same in words for programs. */
export type Judgement = Pick<BackgroundMeta, 'verdict' | 'verdictReason' | 'doubts'>;

/** One reason against `clear`. */
interface Objection {
  doubt: Doubt;
  verdict: Exclude<BackgroundVerdict, 'clear'>;
  /** A sentence. */
  reason: string;
}

/** Judges a background: the gravest objection gives the verdict, and all of them the reason. */
export function verdictOf(evidence: Evidence): Judgement {
  const objections = [
    ...toView(evidence.showing),
    ...toLook(evidence.look),
    ...toFrames(evidence.look),
    // Pictures that a decoder made up are grey, which is no infrared.
    ...(evidence.look.showsDamaged ? [] : toLight(evidence.steadyLight)),
    ...toSway(evidence.cameraSway),
    ...toTraffic(evidence.hiddenRoadShare),
    ...toStanding(evidence.standingRoadShare),
  ].sort((a, b) => gravityOf(b) - gravityOf(a));
  const [gravest] = objections;
  if (gravest === undefined) return { verdict: 'clear', verdictReason: reasonOfClear(evidence), doubts: [] };
  return {
    verdict: gravest.verdict,
    verdictReason: objections.map(({ reason }) => reason).join(' '),
    doubts: objections.map(({ doubt }) => doubt),
  };
}

/** What the verdict of a background rests on, to judge it anew when some of it has changed. */
export function evidenceOf({ quality, look }: BackgroundMeta): Evidence {
  const { coverage, hiddenRoadShare, standingRoadShare, steadyLight, cameraSway, view } = quality;
  return { showing: view.showing, coverage, hiddenRoadShare, standingRoadShare, steadyLight, cameraSway, look };
}

/**
 * What a background is worth once somebody sees vehicles stand on its road, which no look at movement can tell.
 * @param share of the road, 0..1
 */
export function withStanding(meta: BackgroundMeta, share: number): BackgroundMeta {
  const quality = { ...meta.quality, standingRoadShare: Math.max(meta.quality.standingRoadShare, share) };
  if (meta.doubts.includes('standing')) return { ...meta, quality };
  const verdict = share > QUEUE_SHARE ? 'inconclusive' : 'partly_hidden';
  const isGravest = verdict === 'inconclusive' && meta.verdict !== 'inconclusive';
  const reason = `Vehicles stand on ${(100 * share).toFixed(1)} % of the road: nothing is marked there; look at another time.`;
  return {
    ...meta,
    quality,
    verdict: meta.verdict === 'inconclusive' ? meta.verdict : verdict,
    verdictReason: meta.verdict === 'clear' ? reason : `${meta.verdictReason} ${reason}`,
    doubts: isGravest ? ['standing', ...meta.doubts] : [...meta.doubts, 'standing'],
  };
}

/** Too little was watched to tell what stood from what lay there, and looking again may show more. */
export function isShortLook({ askedSeconds, watchedSeconds, endedByItself }: LookMeta): boolean {
  return !endedByItself && watchedSeconds < SHORT_LOOK_SHARE * askedSeconds;
}

function gravityOf({ verdict }: Objection): number {
  return verdict === 'inconclusive' ? 1 : 0;
}

const VIEW_REASONS: Record<Exclude<Showing, 'live'>, string> = {
  frozen: 'The picture stands still to the last bit: the camera or its stream is frozen, restart it.',
  slate: 'The stream shows a plain picture in place of the road, as servers do while a camera is offline: look at it.',
  color_bars: 'The stream shows colour bars in place of the road: look at the camera.',
};

function toView(showing: Showing): Objection[] {
  if (showing === 'live') return [];
  return [{ doubt: showing, verdict: 'inconclusive', reason: VIEW_REASONS[showing] }];
}

function toLook({ askedSeconds, watchedSeconds, endedByItself }: LookMeta): Objection[] {
  const share = watchedSeconds / askedSeconds;
  if (share >= WHOLE_LOOK_SHARE) return [];
  const why = endedByItself ? 'the recording is no longer' : 'the stream broke off';
  const reason =
    `Short look: ${watchedSeconds.toFixed(1)} of ${askedSeconds} s were watched, ${why}; ` +
    'what stood meanwhile would still be there.';
  return [{ doubt: 'short_look', verdict: share < SHORT_LOOK_SHARE ? 'inconclusive' : 'partly_hidden', reason }];
}

function toFrames({ framesTaken, framesDamaged, showsDamaged, framesRepeated, showsRepeats }: LookMeta): Objection[] {
  const objections: Objection[] = [];
  if (showsDamaged || framesTaken - framesDamaged < WHOLE_FRAMES_SHARE * framesTaken) {
    const reason = `${framesDamaged} of ${framesTaken} frames came damaged: look for packets lost on the way.`;
    objections.push({ doubt: 'damaged_frames', verdict: showsDamaged ? 'inconclusive' : 'partly_hidden', reason });
  }
  if (showsRepeats) {
    const reason = `${framesRepeated} of ${framesTaken} frames only repeat the one before: watch longer.`;
    objections.push({ doubt: 'repeated_frames', verdict: 'partly_hidden', reason });
  }
  return objections;
}

function toLight({ change, keptShare }: SteadyLight): Objection[] {
  if (change === 'none') return [];
  const verdict = keptShare < SHORT_LOOK_SHARE ? 'inconclusive' : 'partly_hidden';
  const used = `only the ${(100 * keptShare).toFixed(0)} % of the frames that are alike were used`;
  if (change === 'infrared') {
    const reason = `The camera switched between colour and infrared meanwhile: ${used}; look again.`;
    return [{ doubt: 'infrared_switch', verdict, reason }];
  }
  const reason = `The exposure changed meanwhile: ${used}; look at another time, or set the camera's exposure limits.`;
  return [{ doubt: 'exposure', verdict, reason }];
}

function toSway({ aligned, largestPx, unfollowedShare }: CameraSway): Objection[] {
  if (!aligned || unfollowedShare <= 1 - WHOLE_LOOK_SHARE) return [];
  const verdict = unfollowedShare > 1 - SHORT_LOOK_SHARE ? 'inconclusive' : 'partly_hidden';
  const reason =
    `The camera swayed by ${largestPx.toFixed(1)} px, and in ${(100 * unfollowedShare).toFixed(0)} % of the frames traffic ` +
    'hid by how much: look at another time, or fix the mast.';
  return [{ doubt: 'sway', verdict, reason }];
}

function toTraffic(hiddenRoadShare: number): Objection[] {
  const share = percent(hiddenRoadShare);
  if (hiddenRoadShare > INCONCLUSIVE_SHARE) {
    const reason = `Traffic hid ${share} for most of the time: look at another time.`;
    return [{ doubt: 'traffic', verdict: 'inconclusive', reason }];
  }
  if (hiddenRoadShare <= PARTLY_HIDDEN_SHARE) return [];
  return [{ doubt: 'traffic', verdict: 'partly_hidden', reason: `Traffic hid ${share} for much of the time.` }];
}

function toStanding(standingRoadShare: number): Objection[] {
  if (standingRoadShare === 0) return [];
  const verdict = standingRoadShare > INCONCLUSIVE_SHARE ? 'inconclusive' : 'partly_hidden';
  const reason =
    `Something came to stand on ${percent(standingRoadShare)}, or drove off it, and may still show: ` +
    'nothing is marked there; look at another time.';
  return [{ doubt: 'standing', verdict, reason }];
}

function reasonOfClear({ coverage, hiddenRoadShare }: Evidence): string {
  if (coverage === 0) return 'Nothing moved; a vehicle that stood all the time would still be there.';
  return `The road was seen: ${percent(hiddenRoadShare)} is in doubt.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} % of the driven road`;
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
