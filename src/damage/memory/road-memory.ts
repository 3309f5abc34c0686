import type { Background, BackgroundVerdict } from '../../background/background.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import type { DamageAnalysis, VisitsNote } from '../damage-detector.js';
import { messageOf } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import type { Log } from '../../log/log.js';
import { withStatus } from '../reported.js';
import type { LookedBack } from './look-back.thread.js';
import { keptPicture } from './visits/kept-picture.js';
import type { VisitMemory } from './visits/visit-memory.js';
import { visitId } from '../../job/visit-id.js';
import { MOST_REMEMBERED, type RememberedDamage, type Visit, type VisitingJob } from './visits/visit.js';
import { persistenceOf } from './persistence.js';
import { alone, laidUpon, type LookBack, type Recollection } from './recollection.js';

const THREAD = new URL('./look-back.thread.js', import.meta.url);

/** Only such a picture is worth remembering: others would push out those that show the road. */
const SHOWS_THE_ROAD: ReadonlySet<BackgroundVerdict> = new Set<BackgroundVerdict>(['clear', 'partly_hidden']);

/** Clocks may differ by so much. What is further ahead would stay the newest visit for good. ms */
const MOST_AHEAD_MS = 3_600_000;

/** An analysis that knows of earlier visits, and what is to be remembered of it. */
export interface Compared {
  analysis: DamageAnalysis;
  sightings: RememberedDamage[];
}

/** The memory of cameras' roads: helps an inspection where it can, and never fails one. */
export class RoadMemory {
  /** @param kept most visits of a camera by each light; 0 turns the memory off */
  constructor(
    private readonly memory: VisitMemory,
    private readonly kept: number,
    private readonly log: Pick<Log, 'warn'>,
    private readonly threads = new ThreadPool(),
  ) {}

  /**
   * Looks at the visits before this job, fills what traffic hid and refines where it drove. A job that is delivered
   * again finds the same visits, never itself.
   * @throws the signal's reason when it aborts; nothing else
   */
  async lookBack(job: VisitingJob, seen: Background, signal: AbortSignal): Promise<Recollection> {
    if (this.kept === 0) return alone(seen, noMemory('VISITS_KEPT is 0: nothing is compared.'));
    if (isAhead(job))
      return alone(seen, noMemory('The job is from the future: nothing is compared. Look at the clocks.'));
    try {
      const recalled = await this.memory.recall(job, seen.meta.quality.light, this.kept, signal);
      const lookBack: LookBack = (request) => this.threads.call<LookedBack>(THREAD, request, { signal });
      return await laidUpon(seen, recalled, this.kept, lookBack);
    } catch (error) {
      signal.throwIfAborted();
      this.log.warn(`No memory of ${job.cctvId}'s earlier visits: ${redactText(messageOf(error))}`);
      return alone(seen, noMemory('The memory of earlier visits could not be reached: nothing is compared.'));
    }
  }

  /** Says of each damage how long it has been there. */
  compare(job: VisitingJob, found: DamageAnalysis, past: Recollection): Compared {
    const { visits, earlier, unseen } = past;
    if (found.verdict === 'inconclusive') {
      const note = {
        ...visits,
        compared: 0,
        note: `${visits.note} This visit is inconclusive: its marks are not compared.`,
      };
      return { analysis: { ...found, visits: note }, sightings: [] };
    }
    const { analysis, sightings } = persistenceOf(found, earlier, {
      at: job.enqueuedAt,
      unseen,
      visit: `${job.cctvId}/${visitId(job)}`,
    });
    return { analysis: withStatus({ ...analysis, visits }), sightings };
  }

  /**
   * Keeps this visit for the next ones if its picture shows the road and was judged. One that is only less clear than
   * usual is kept too, apart: should the view stay so, it becomes the usual one. Throws nothing.
   */
  async remember(job: VisitingJob, compared: Compared, past: Recollection, signal: AbortSignal): Promise<void> {
    const judged = compared.analysis.verdict !== 'inconclusive';
    const isWorthIt = SHOWS_THE_ROAD.has(past.seen.meta.verdict) && (judged || past.doubt !== undefined);
    if (this.kept === 0 || !isWorthIt || isAhead(job)) return;
    try {
      const visit = await visitOf(job, compared.sightings, past.seen, judged);
      await this.memory.remember(job, visit, this.kept, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.log.warn(`The memory of ${job.cctvId}'s visits could not be kept up: ${redactText(messageOf(error))}`);
    }
  }
}

async function visitOf(
  { enqueuedAt }: VisitingJob,
  sightings: readonly RememberedDamage[],
  { meta, drivenRoad, hiddenRoad, traffic, picture }: Background,
  judged: boolean,
): Promise<Visit> {
  const seen = { at: enqueuedAt, light: meta.quality.light, judged, drivenRoad, hiddenRoad, traffic };
  return { ...seen, sightings: sightings.slice(0, MOST_REMEMBERED), picture: await keptPicture(picture) };
}

function isAhead({ enqueuedAt }: VisitingJob): boolean {
  return enqueuedAt > Date.now() + MOST_AHEAD_MS;
}

function noMemory(note: string): VisitsNote {
  return { kept: 0, compared: 0, startedAnew: 'no memory', note, filledRoadShare: 0 };
}
