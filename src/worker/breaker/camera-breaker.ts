import type { Clock } from '../../lib/clock.js';
import { PermanentStepError, RateLimitedError } from '../../job/errors.js';
import { triedForMs, type Job } from '../../job/handler.js';
import type { BreakerPolicy, BreakerState, BreakerStore } from './breaker-store.js';
import type { WorkerEvents } from '../loop/worker-events.js';
import { Repeating, UNTOLD } from '../../lib/repeating.js';

/** How a breaker behaves. Times in ms. */
export interface BreakerSettings extends BreakerPolicy {
  /** A job that is older while its camera is down is given up. */
  giveUpAfterMs: number;
  /** The longest that a probe may take. */
  probeMs: number;
  /** What errors call what is down; cameras if left out. */
  words?: BreakerWords;
}

/** What is said of jobs whose camera, or receiver, is down. */
export interface BreakerWords {
  readonly waits: { readonly code: string; readonly message: string };
  readonly down: { readonly code: string; message(afterMs: number): string };
}

/** News of other workers comes this often. ms */
const REFRESH_EVERY_MS = 1_000;
/**
 * Jobs that wait come due when their camera is back. In case that nobody tells them they look again, the rarer the more
 * jobs wait: all together some ten times a second. ms
 */
const LOOK_AGAIN = { soonest: 15_000, forEachWaiting: 100 } as const;

/** A camera as this worker sees it. */
interface Known {
  failures: number;
  /** When the next probe is allowed, ms since the epoch by this machine's clock; undefined while jobs run as always. */
  opensAt: number | undefined;
}

/**
 * Keeps one bad camera from holding slots: after repeated failures its jobs wait, at no cost of an attempt, while one
 * probe at a time tests it. Shared by the group. A camera that works costs nothing: it is in no list.
 */
export class CameraBreaker {
  private readonly known = new Map<string, Known>();
  private readonly news: Repeating;

  constructor(
    private readonly store: BreakerStore,
    private readonly settings: BreakerSettings,
    private readonly events: Pick<WorkerEvents, 'cameraDown' | 'cameraBack'>,
    private readonly clock: Clock,
  ) {
    // While Redis is away what was known holds.
    const options = { everyMs: REFRESH_EVERY_MS, events: UNTOLD, endsWithProcess: true };
    this.news = new Repeating(() => this.refresh(), options);
  }

  start(): void {
    this.news.start();
  }

  stop(): void {
    void this.news.stop();
  }

  /** Cameras with failures, for status and metrics. */
  list(now: number): BreakerState[] {
    return [...this.known].map(([camera, { failures, opensAt }]) => ({
      ...{ camera, failures },
      opensInMs: opensAt === undefined ? undefined : Math.max(0, opensAt - now),
    }));
  }

  /** Whether a camera's jobs have to ask {@link admit}. */
  isOpen(camera: string): boolean {
    return this.known.get(camera)?.opensAt !== undefined;
  }

  /**
   * Lets a job of an open breaker run as the probe, or not now.
   * @throws RateLimitedError CAMERA_WAITS: its camera is down, come back later
   * @throws PermanentStepError CAMERA_DOWN: the same, and the job is too old to wait on
   */
  async admit(job: Pick<Job, 'cctvId' | 'receiver' | 'enqueuedAt' | 'againSince'>): Promise<void> {
    const { words = CAMERAS, giveUpAfterMs, probeMs } = this.settings;
    const needed = neededBy(job);
    const { waitMs, isNext, waiting } = await this.store.tryProbe(needed, probeMs);
    // However old: somebody has to find out that the camera is back.
    if (waitMs === 0) return;
    const ageMs = triedForMs(job, this.clock.now());
    if (ageMs > giveUpAfterMs) throw new PermanentStepError(words.down.code, words.down.message(giveUpAfterMs));
    const lookAgainMs = Math.min(isNext ? waitMs : waitingTurnMs(waiting), giveUpAfterMs - ageMs + 1);
    throw new RateLimitedError(words.waits.code, words.waits.message, lookAgainMs, { waitsFor: needed });
  }

  /** Notes that a probe ended without a verdict on its camera: another may try. */
  endProbe(camera: string): void {
    this.store.endProbe(camera).catch(() => undefined);
  }

  /** Notes that a camera works. The store is told in the background: no job waits for that, or fails by it. */
  worked(camera: string): void {
    if (!this.known.has(camera)) return;
    if (this.isOpen(camera)) this.events.cameraBack(camera);
    this.known.delete(camera);
    this.store.worked(camera).catch(() => undefined);
  }

  /** Notes a failure of a camera, in the background as well. */
  failed(camera: string, error: unknown): void {
    this.store.failed(camera, this.settings, error).then(
      (state) => {
        if (!this.isOpen(camera) && state.opensInMs !== undefined) this.events.cameraDown(camera, state.failures);
        this.note(state, Date.now());
      },
      () => undefined,
    );
  }

  private async refresh(): Promise<void> {
    const states = await this.store.changes();
    if (states === undefined) return;
    const now = Date.now();
    this.known.clear();
    for (const state of states) this.note(state, now);
  }

  private note({ camera, failures, opensInMs }: BreakerState, now: number): void {
    this.known.set(camera, { failures, opensAt: opensInMs === undefined ? undefined : now + opensInMs });
  }
}

function waitingTurnMs(waiting: number): number {
  return Math.max(LOOK_AGAIN.soonest, waiting * LOOK_AGAIN.forEachWaiting) * (1 + Math.random());
}

/** What a job cannot do without: its receiver, else its camera. */
export function neededBy({ cctvId, receiver }: Pick<Job, 'cctvId' | 'receiver'>): string {
  return receiver ?? cctvId;
}

const CAMERAS: BreakerWords = {
  waits: {
    code: 'CAMERA_WAITS',
    message: 'The camera failed again and again; its jobs wait while one at a time tests it.',
  },
  down: {
    code: 'CAMERA_DOWN',
    message: (ms) =>
      `The camera has been down and the job is older than ${ms / 1_000} s (CAMERA_DOWN_GIVE_UP_SECONDS): ` +
      'repair the camera, then redrive the job.',
  },
};

/** The same of receivers. */
export const RECEIVERS: BreakerWords = {
  waits: {
    code: 'RECEIVER_WAITS',
    message: 'The receiver failed again and again; what is meant for it waits while one call at a time tests it.',
  },
  down: {
    code: 'RECEIVER_DOWN',
    message: (ms) =>
      `The receiver has been down and the delivery is older than ${ms / 3_600_000} h (WEBHOOK_GIVE_UP_HOURS): ` +
      'repair the receiver, then redrive the delivery.',
  },
};
