import { INSPECTION_FILES } from '../artifacts/artifact-names.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { VisitMemory } from '../damage/memory/visits/visit-memory.js';
import { JobError } from '../job/errors.js';
import type { CameraLooks } from '../ledger/looks/camera-looks.js';

/** The largest background. bytes */
const MOST_BYTES = 32 * 1024 * 1024;

/** A picture as it is stored. */
export interface StoredPicture {
  readonly bytes: Buffer;
  readonly type: 'image/jpeg' | 'image/webp';
}

/** What each visit of a camera saw: the background that its job left, or the smaller one that is remembered. */
export class VisitPictures {
  constructor(
    private readonly looks: CameraLooks,
    private readonly memory: VisitMemory,
    private readonly store: ArtifactStore,
  ) {}

  /**
   * The picture of a visit; undefined when there is none any more.
   * @throws as `ArtifactStore.read`, and an Error when Redis does not answer
   */
  async read(cctvId: string, visit: string, signal: AbortSignal): Promise<StoredPicture | undefined> {
    const look = await this.looks.one(cctvId, visit);
    const artifacts = look?.artifacts ?? undefined;
    const background = artifacts === undefined ? undefined : await this.background(artifacts, signal);
    if (background !== undefined) return { bytes: background, type: 'image/jpeg' };
    const kept = await this.memory.picture(cctvId, visit, signal);
    return kept === undefined ? undefined : { bytes: kept, type: 'image/webp' };
  }

  private async background(folder: string, signal: AbortSignal): Promise<Buffer | undefined> {
    try {
      return await this.store.read(folder + INSPECTION_FILES.background, MOST_BYTES, signal);
    } catch (error) {
      if (error instanceof JobError && error.code === 'STORAGE_NOT_FOUND') return undefined;
      throw error;
    }
  }
}
