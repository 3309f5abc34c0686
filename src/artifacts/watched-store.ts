import { type JobError, OutageError, PermanentStepError, TransientStepError } from '../job/errors.js';
import { ArtifactStore, type Artifact, type StoredArtifact, type StoreHealth } from './artifact-store.js';
import { OutageWatch, type OutageEvents, type WatchPace } from './outage-watch.js';

/** What these say is of one artifact alone; the store is well. */
const OF_THE_ARTIFACT = new Set(['STORAGE_NAME', 'STORAGE_NOT_FOUND', 'STORAGE_TOO_LARGE', 'STORAGE_NO_ROOM']);

/** Whether it fits is a question of how large it is. */
const OF_ITS_SIZE = new Set(['STORAGE_FULL', 'SWIFT_FULL', 'SWIFT_QUOTA', 'S3_FULL']);

/** Most that is stored to try out whether there is room again. */
const MOST_PROBED_BYTES = 8 * 1024 * 1024;

/**
 * A store that tells its own outages from the faults of a job. When something fails, the store is tried out with an artifact
 * of ours: if that fails too, there is an outage and no job is charged for it; else the job failed, and spends its
 * attempt. So nothing waits for ever at no cost while the store works.
 */
export class WatchedStore extends ArtifactStore {
  private readonly watch: OutageWatch<StoreHealth>;

  constructor(
    private readonly store: ArtifactStore,
    events: OutageEvents,
    pace?: WatchPace,
  ) {
    super();
    const silent = (afterMs: number): StoreHealth => ({
      ok: false,
      message: `The ${store.describe()} has not answered for ${afterMs / 1000} s. Look whether its disk or its network hangs.`,
    });
    const refusal = (why: string): OutageError => new OutageError('STORAGE_AWAY', why, { step: 'artifacts' });
    this.watch = new OutageWatch(refusal, (bytes) => store.check(bytes), silent, events, pace);
  }

  describe(): string {
    return this.store.describe();
  }

  /** What is known from the last seconds; only in an outage it may be older. */
  check(): Promise<StoreHealth> {
    return this.watch.found();
  }

  override heldBackBecause(): string | undefined {
    return this.watch.why;
  }

  override ensure(): Promise<void> {
    return this.watch.ensure();
  }

  put(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact> {
    return this.judged(this.store.put(name, artifact, signal), signal, artifact);
  }

  remove(name: string, signal: AbortSignal): Promise<void> {
    return this.judged(this.store.remove(name, signal), signal);
  }

  fetch(name: string, file: string, maxBytes: number, signal: AbortSignal): Promise<number> {
    return this.judged(this.store.fetch(name, file, maxBytes, signal), signal);
  }

  read(name: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    return this.judged(this.store.read(name, maxBytes, signal), signal);
  }

  /** Tries no more whether an outage is over. */
  stop(): void {
    this.watch.stop();
  }

  private async judged<T>(work: Promise<T>, signal: AbortSignal, artifact?: Artifact): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (signal.aborted || !mayBeOurs(error)) throw error;
      const context = { step: 'artifacts', cause: error };
      const bytes = OF_ITS_SIZE.has(error.code) ? sizeOf(artifact) : undefined;
      if (await this.watch.explains(bytes)) throw new OutageError(error.code, error.message, context);
      // The store works: perhaps it was repaired in between. Another try will tell.
      throw new TransientStepError(error.code, error.message, context);
    }
  }
}

function mayBeOurs(error: unknown): error is JobError {
  if (!(error instanceof PermanentStepError || error instanceof TransientStepError)) return false;
  return error.step === 'artifacts' && !OF_THE_ARTIFACT.has(error.code);
}

function sizeOf(artifact: Artifact | undefined): number | undefined {
  const content = artifact?.source();
  if (Buffer.isBuffer(content)) return Math.min(content.length, MOST_PROBED_BYTES);
  content?.destroy();
  return undefined;
}
