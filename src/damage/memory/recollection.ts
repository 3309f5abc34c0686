import type { Background, VehicleSample } from '../../background/background.js';
import { shareOf, type Mask } from '../../picture/mask.js';
import { blocksOf } from '../../picture/blocks.js';
import { evidenceOf, verdictOf } from '../../background/quality.js';
import type { VisitsNote } from '../damage-detector.js';
import type { LookBackRequest, LookedBack } from './look-back.thread.js';
import type { Visit } from './visits/visit.js';
import type { Recalled } from './visits/visit-memory.js';
import { movedMask } from '../../picture/registration/moved-mask.js';
import type { EarlierVisit } from './persistence.js';
import { refinedRoad } from './refined-road.js';
import type { Offset } from '../../picture/registration/registration.js';

/** Looks at pictures, off the main thread. */
export type LookBack = (request: LookBackRequest) => Promise<LookedBack>;

/** What is remembered of a camera's road, laid upon what was seen of it now. */
export interface Recollection {
  /** With gaps filled and the driven road refined, as far as memory reached. */
  background: Background;
  /** As it came from the camera: this is what the next visit remembers. */
  seen: Background;
  visits: VisitsNote;
  /** Judged visits of the same view, newest first. */
  earlier: EarlierVisit[];
  /** The vehicles that each of those measured, in the place of now. */
  earlierTraffic: readonly VehicleSample[][];
  /** Blocks that this visit did not see for itself. */
  unseen: Mask;
  /** A sentence when the view is much less clear than on earlier visits. */
  doubt?: string | undefined;
}

/** What is known without earlier visits. */
export function alone(seen: Background, visits: VisitsNote): Recollection {
  return { background: seen, seen, visits, earlier: [], earlierTraffic: [], unseen: seen.hiddenRoad };
}

/**
 * Lays earlier visits upon what was seen now.
 * @param usual so many of the newest show how clear the view usually is
 * @throws what `lookBack` throws
 */
export async function laidUpon(
  seen: Background,
  { visits: alike, kept }: Recalled,
  usual: number,
  lookBack: LookBack,
): Promise<Recollection> {
  const { light } = seen.meta.quality;
  const nothing = { kept, compared: 0, filledRoadShare: 0 };
  if (kept === 0) return alone(seen, { ...nothing, startedAnew: 'first visit', note: 'This is the first visit.' });
  if (alike.length === 0) {
    const note = `Earlier visits were by other light than this one (${light}): nothing is compared.`;
    return alone(seen, { ...nothing, startedAnew: 'light differs', note });
  }
  const looked = await lookBack(requestFor(seen, alike, usual));
  const same = alike.flatMap((visit, i) => {
    const offset = looked.offsets[i] ?? null;
    return offset === null ? [] : [{ visit, offset }];
  });
  if (same.length === 0) {
    const note = 'The camera moved since its last visit: nothing is compared, and its memory starts anew.';
    return alone(seen, { ...nothing, startedAnew: 'camera moved', note });
  }
  return recollected(seen, kept, same, looked);
}

function requestFor({ picture, hiddenRoad }: Background, alike: readonly Visit[], usual: number): LookBackRequest {
  return {
    picture,
    hidden: hiddenRoad,
    blockSize: blocksOf(picture.width, picture.height).size,
    earlier: alike.map(({ picture, hiddenRoad, judged }) => ({ picture, hidden: hiddenRoad, judged })),
    usual,
  };
}

function recollected(
  seen: Background,
  kept: number,
  same: readonly { visit: Visit; offset: Offset }[],
  { picture, filled, doubt }: LookedBack,
): Recollection {
  const { width, height } = seen.drivenRoad;
  const drivenRoad = refinedRoad(
    seen.drivenRoad,
    same.map(({ visit, offset }) => movedMask(visit.drivenRoad, offset, width, height)),
  );
  const filledShare = shareOf(filled) / Math.max(Number.EPSILON, shareOf(seen.hiddenRoad));
  const earlier = same.filter(({ visit }) => visit.judged);
  const { hiddenRoadShare, standingRoadShare } = seen.meta.quality;
  const filledRoadShare = filledShare * (hiddenRoadShare + standingRoadShare);
  const visits = { kept, compared: earlier.length, filledRoadShare, note: noteOf(same.length, filledRoadShare) };
  const meta = filledShare > 0 ? filledMeta(seen, filledShare, earlier[0]!.visit) : seen.meta;
  const background = { ...seen, picture: picture ?? seen.picture, drivenRoad, meta };
  const earlierTraffic = earlier.map(({ visit, offset }) => movedTraffic(visit.traffic, offset));
  return { background, seen, visits, earlier, earlierTraffic, unseen: seen.hiddenRoad, doubt };
}

function movedTraffic(traffic: readonly VehicleSample[], { y }: Offset): VehicleSample[] {
  return traffic.map(({ row, width }) => ({ row: row - y, width }));
}

function noteOf(visits: number, filledRoadShare: number): string {
  const filled = filledRoadShare > 0 ? ` ${percent(filledRoadShare)} of the driven road is shown as it was then.` : '';
  return `${visits} earlier ${visits === 1 ? 'visit shows' : 'visits show'} the same view.${filled}`;
}

/** The verdict by what is still hidden, and by all else that it rested on. */
function filledMeta({ meta }: Background, filledShare: number, { at }: Visit): Background['meta'] {
  const { hiddenRoadShare, standingRoadShare } = meta.quality;
  const left = 1 - filledShare;
  const stillHidden = { hiddenRoadShare: hiddenRoadShare * left, standingRoadShare: standingRoadShare * left };
  const judged = verdictOf({ ...evidenceOf(meta), ...stillHidden });
  const filled = `Vehicles hid ${percent(filledShare * (hiddenRoadShare + standingRoadShare))} of it that is shown as it was on earlier visits`;
  const verdictReason = `${judged.verdictReason} ${filled}, the last on ${new Date(at).toISOString()}.`;
  return { ...meta, ...judged, verdictReason };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
