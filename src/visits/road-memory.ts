import type { Background } from '../background/background.js';
import { shareOf, type Mask } from '../background/mask.js';
import { blocksOf } from '../background/blocks.js';
import { verdictOf } from '../background/quality.js';
import { callThread } from '../background/thread-call.js';
import type { DamageAnalysis, VisitsNote } from '../damage/damage-detector.js';
import { doubted } from '../damage/wary-detector.js';
import { messageOf } from '../job/errors.js';
import type { Job } from '../job/handler.js';
import { redactText } from '../job/redact.js';
import type { Log } from '../log/log.js';
import { keptPicture } from './kept-picture.js';
import type { LookBackRequest, LookedBack } from './look-back.thread.js';
import { movedMask } from './moved-mask.js';
import { persistenceOf, type EarlierVisit } from './persistence.js';
import { refinedRoad } from './refined-road.js';
import type { Offset } from './registration.js';
import type { VisitMemory } from './visit-memory.js';
import { visitId, type Sighting, type Visit } from './visit.js';

const THREAD = new URL('./look-back.thread.js', import.meta.url);

type NamedJob = Pick<Job, 'jobId' | 'cctvId' | 'enqueuedAt'>;

/** What is remembered of a camera's road, laid upon what was seen of it now. */
export interface Recollection {
  /** With gaps filled and the driven road refined, as far as memory reached. */
  background: Background;
  /** As it came from the camera: this is what the next visit remembers. */
  seen: Background;
  visits: VisitsNote;
  /** Conclusive visits of the same view, newest first. */
  earlier: EarlierVisit[];
  /** Blocks that this visit did not see for itself. */
  unseen: Mask;
  /** A sentence when the view is much less clear than on earlier visits. */
  doubt?: string | undefined;
}

/** An analysis that knows of earlier visits, and what is to be remembered of it. */
export interface Compared {
  analysis: DamageAnalysis;
  sightings: Sighting[];
}

/** The memory of cameras' roads: helps an inspection where it can, and never fails one. */
export class RoadMemory {
  /** @param kept most visits of a camera; 0 turns the memory off */
  constructor(
    private readonly memory: VisitMemory,
    private readonly kept: number,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /**
   * Looks at the visits before this job, fills what traffic hid and refines where it drove. A job that is delivered
   * again finds the same visits, never itself.
   * @throws the signal's reason when it aborts; nothing else
   */
  async lookBack(job: NamedJob, seen: Background, signal: AbortSignal): Promise<Recollection> {
    if (this.kept === 0) return alone(seen, noMemory('VISITS_KEPT is 0: nothing is compared.'));
    try {
      const id = visitId(job);
      const before = (await this.memory.recall(job.cctvId)).filter((visit) => visit.id < id);
      return await laidUpon(seen, before.reverse(), signal);
    } catch (error) {
      signal.throwIfAborted();
      this.log.warn(`No memory of ${job.cctvId}'s earlier visits: ${redactText(messageOf(error))}`);
      return alone(seen, noMemory('The memory of earlier visits could not be reached: nothing is compared.'));
    }
  }

  /** Says of each damage how long it has been there. */
  compare({ enqueuedAt }: NamedJob, analysed: DamageAnalysis, past: Recollection): Compared {
    const { visits, earlier, unseen, doubt } = past;
    const found = doubted(analysed, doubt);
    if (found.verdict === 'inconclusive') {
      const note = {
        ...visits,
        compared: 0,
        note: `${visits.note} This visit is inconclusive: its marks are not compared.`,
      };
      return { analysis: { ...found, visits: note }, sightings: [] };
    }
    const { analysis, sightings } = persistenceOf(found, earlier, { at: enqueuedAt, unseen });
    return { analysis: { ...analysis, visits }, sightings };
  }

  /** Keeps this visit for the next ones, unless its background is inconclusive. Throws nothing. */
  async remember(job: NamedJob, { analysis, sightings }: Compared, { seen }: Recollection): Promise<void> {
    if (this.kept === 0 || seen.meta.verdict === 'inconclusive') return;
    try {
      const visit: Visit = {
        id: visitId(job),
        at: job.enqueuedAt,
        light: seen.meta.quality.light,
        conclusive: analysis.verdict !== 'inconclusive',
        drivenRoad: seen.drivenRoad,
        hiddenRoad: seen.hiddenRoad,
        sightings,
        picture: await keptPicture(seen.picture),
      };
      await this.memory.remember(job.cctvId, visit, this.kept);
    } catch (error) {
      this.log.warn(`This visit to ${job.cctvId} could not be remembered: ${redactText(messageOf(error))}`);
    }
  }
}

function noMemory(note: string): VisitsNote {
  return { kept: 0, compared: 0, startedAnew: 'no memory', note, filledRoadShare: 0 };
}

function alone(seen: Background, visits: VisitsNote): Recollection {
  return { background: seen, seen, visits, earlier: [], unseen: seen.hiddenRoad };
}

async function laidUpon(seen: Background, before: readonly Visit[], signal: AbortSignal): Promise<Recollection> {
  const { light } = seen.meta.quality;
  const alike = before.filter((visit) => visit.light === light);
  const nothing = { kept: before.length, compared: 0, filledRoadShare: 0 };
  if (before.length === 0)
    return alone(seen, { ...nothing, startedAnew: 'first visit', note: 'This is the first visit.' });
  if (alike.length === 0) {
    const note = `Earlier visits were by other light than this one (${light}): nothing is compared.`;
    return alone(seen, { ...nothing, startedAnew: 'light differs', note });
  }
  const looked = await lookedBack(seen, alike, signal);
  const same = alike.flatMap((visit, i) => {
    const offset = looked.offsets[i] ?? null;
    return offset === null ? [] : [{ visit, offset }];
  });
  if (same.length === 0) {
    const note = 'The camera moved since its last visit: nothing is compared, and its memory starts anew.';
    return alone(seen, { ...nothing, startedAnew: 'camera moved', note });
  }
  return recollected(seen, before.length, same, looked);
}

function lookedBack(seen: Background, alike: readonly Visit[], signal: AbortSignal): Promise<LookedBack> {
  const { picture, hiddenRoad } = seen;
  const request: LookBackRequest = {
    picture,
    hidden: hiddenRoad,
    blockSize: blocksOf(picture.width, picture.height).size,
    earlier: alike.map((visit) => ({ picture: visit.picture, hidden: visit.hiddenRoad })),
  };
  return callThread<LookedBack>(THREAD, request, { signal });
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
  const earlier = same.filter(({ visit }) => visit.conclusive);
  const filledRoadShare = filledShare * seen.meta.quality.hiddenRoadShare;
  const visits = { kept, compared: earlier.length, filledRoadShare, note: noteOf(same.length, filledRoadShare) };
  const meta = filledShare > 0 ? filledMeta(seen, filledShare, same[0]!.visit) : seen.meta;
  const background = { ...seen, picture: picture ?? seen.picture, drivenRoad, meta };
  return { background, seen, visits, earlier, unseen: seen.hiddenRoad, doubt };
}

function noteOf(visits: number, filledRoadShare: number): string {
  const filled = filledRoadShare > 0 ? ` ${percent(filledRoadShare)} of the driven road is shown as it was then.` : '';
  return `${visits} earlier ${visits === 1 ? 'visit shows' : 'visits show'} the same view.${filled}`;
}

/** The verdict by what is still hidden, if traffic was the only reason for the old one. */
function filledMeta({ meta }: Background, filledShare: number, { at }: Visit): Background['meta'] {
  const { coverage, hiddenRoadShare } = meta.quality;
  const evidence = { frozen: false, coverage, hiddenRoadShare };
  if (verdictOf(evidence).verdict !== meta.verdict) return meta;
  const { verdict, verdictReason } = verdictOf({ ...evidence, hiddenRoadShare: hiddenRoadShare * (1 - filledShare) });
  const filled = `Traffic hid ${percent(filledShare * hiddenRoadShare)} of it that is shown as it was on earlier visits`;
  return { ...meta, verdict, verdictReason: `${verdictReason} ${filled}, the last on ${new Date(at).toISOString()}.` };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
