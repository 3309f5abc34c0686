import type { Camera, Cameras } from '../../cameras/camera.js';
import type { CameraFailing } from '../../queue/status/failing-cameras.js';
import { byNews, type CameraLedger, type CameraRecord, type HeardCamera, type KnownCamera } from '../camera-ledger.js';

/** A camera that is looked at by the clock is not seen when so many looks in a row are missing. */
const LOOKS_MISSED = 3;
/** However often it is looked at, ms. */
const SHORTEST_UNSEEN_MS = 3_600_000;
/** Any other camera, ms. */
const UNSEEN_MS = 86_400_000;

/** What is wrong with a camera. */
export const CAMERA_STATES = ['failing', 'down', 'stale'] as const;
export type CameraState = (typeof CAMERA_STATES)[number];

/** Which cameras are wanted; what is left out does not matter. */
export interface CameraFilter {
  /** Part of the name or the id, in any case. */
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly road?: string | undefined;
  readonly state?: CameraState | undefined;
}

/** A camera with all that is known of it. */
export interface ListedCamera {
  readonly record: CameraRecord;
  /** As the file describes it; undefined for one that is only known by its jobs. */
  readonly camera: Camera | undefined;
  /** Why its jobs failed last; undefined while they do not. */
  readonly failing: CameraFailing | undefined;
  /** Nothing was heard of it for too long. */
  readonly stale: boolean;
}

/** How many cameras a filter names, whatever their state, and how many of them are in each; one may be in several. */
export type CameraCounts = Readonly<Record<'all' | CameraState, number>>;

/** Some of the cameras that a filter names, and how many there are. */
export interface CameraPage {
  readonly cameras: readonly ListedCamera[];
  readonly counts: CameraCounts;
}

/** All cameras there are: those that a job was heard of, and those of the file. */
export class CameraList {
  /**
   * @param failing the cameras that fail now
   * @param since when this process began, ms since the epoch: what was to be seen before then is not missed
   */
  constructor(
    private readonly ledger: CameraLedger,
    private readonly cameras: Cameras,
    private readonly failing: () => Promise<ReadonlyMap<string, CameraFailing>>,
    private readonly since: number,
  ) {}

  /**
   * Those heard of last first, then those that nothing was heard of, by name.
   * @param now ms since the epoch
   * @param after the one behind which the list goes on
   */
  async page(filter: CameraFilter, now: number, limit: number, after?: HeardCamera): Promise<CameraPage> {
    const [known, failing] = await Promise.all([this.known(), this.failing()]);
    const described = known
      .filter(({ cctvId }) => this.isDescribedBy(filter, cctvId))
      .map((camera) => ({ known: camera, ...this.stateOf(camera, failing, now) }));
    const wanted = described
      .filter((each) => after === undefined || byNews(after, each.known) < 0)
      .filter((each) => isIn(filter.state, each))
      .sort((a, b) => byNews(a.known, b.known))
      .slice(0, limit);
    const records = await this.ledger.records(wanted.map((each) => each.known));
    return {
      cameras: wanted.map(({ camera, failing: why, stale }, i) => ({
        ...{ camera, failing: why, stale },
        record: records[i]!,
      })),
      counts: countsOf(described),
    };
  }

  /** One camera; undefined when no job was heard of it and no file describes it. @param now ms since the epoch */
  async get(cctvId: string, now: number): Promise<ListedCamera | undefined> {
    const [heard, failing] = await Promise.all([this.ledger.heardOf(cctvId), this.failing()]);
    if (heard === undefined && this.cameras.get(cctvId) === undefined) return undefined;
    const known = heard ?? unheard(cctvId);
    const [record] = await this.ledger.records([known]);
    return { record: record!, ...this.stateOf(known, failing, now) };
  }

  /** Whether there is such a camera. */
  async knows(cctvId: string): Promise<boolean> {
    return this.cameras.get(cctvId) !== undefined || (await this.ledger.heardOf(cctvId)) !== undefined;
  }

  private async known(): Promise<KnownCamera[]> {
    const heard = await this.ledger.heard();
    const names = new Set(heard.map(({ cctvId }) => cctvId));
    const others = this.cameras.all.filter(({ cctvId }) => !names.has(cctvId));
    return [...heard, ...others.map(({ cctvId }) => unheard(cctvId))];
  }

  private stateOf(known: KnownCamera, failing: ReadonlyMap<string, CameraFailing>, now: number) {
    const camera = this.cameras.get(known.cctvId);
    return { camera, failing: failing.get(known.cctvId), stale: isStale(known, camera, this.since, now) };
  }

  private isDescribedBy({ q, tag, road }: CameraFilter, cctvId: string): boolean {
    const camera = this.cameras.get(cctvId);
    const holds = (text = ''): boolean => q === undefined || text.toLowerCase().includes(q.toLowerCase());
    const isNamed = holds(cctvId) || holds(camera?.name);
    return (
      isNamed &&
      (tag === undefined || camera?.tags.includes(tag) === true) &&
      (road === undefined || camera?.road === road)
    );
  }
}

function unheard(cctvId: string): KnownCamera {
  return { cctvId, heardAt: 0, inspectedAt: undefined };
}

function isIn(state: CameraState | undefined, { failing, stale }: Pick<ListedCamera, 'failing' | 'stale'>): boolean {
  if (state === undefined) return true;
  if (state === 'stale') return stale;
  return failing !== undefined && (state === 'failing' || failing.isDown);
}

function countsOf(cameras: readonly Pick<ListedCamera, 'failing' | 'stale'>[]): CameraCounts {
  const count = (state?: CameraState): number => cameras.filter((each) => isIn(state, each)).length;
  return { all: count(), failing: count('failing'), down: count('down'), stale: count('stale') };
}

/** One of which nothing is expected, such as one that is only described, is not missed before it was seen once. */
function isStale(known: KnownCamera, camera: Camera | undefined, since: number, now: number): boolean {
  const every = camera?.inspectEveryMinutes;
  const limit = every === undefined ? UNSEEN_MS : Math.max(SHORTEST_UNSEEN_MS, LOOKS_MISSED * every * 60_000);
  // Assessments of what is recorded say nothing of whether it is inspected.
  const seen = (every === undefined ? known.heardAt : known.inspectedAt) ?? 0;
  if (seen > 0) return now - seen > limit;
  return (every !== undefined || camera?.record === true) && now - since > limit;
}
