import type { Readable } from 'node:stream';

/** Something to store. */
export interface Artifact {
  /** For example `image/jpeg`. */
  contentType: string;
  /** Opens the content from its start; asked again for every try, and must give the same bytes each time. */
  source: () => Readable | Buffer;
}

/** Something that is stored, checked and readable by others. */
export interface StoredArtifact {
  /** The name it was put under, parts separated by `/`. */
  name: string;
  contentType: string;
  bytes: number;
  /** MD5 of the content, in lower-case hexadecimal: what object stores call the ETag. */
  md5: string;
  /** Where a person finds it. No secret in it. */
  url: string;
}

/** Whether the store would take an artifact now. */
export interface StoreHealth {
  ok: boolean;
  /** A sentence; when not ok, what to do. */
  message: string;
}

/** Where artifacts go. An artifact is there as a whole or not at all; one put again replaces the earlier one. */
export abstract class ArtifactStore {
  /** What and where the store is, for logs and `doctor`; no secret in it. */
  abstract describe(): string;

  /** Tries out whether artifacts can be stored. Never throws. */
  abstract check(): Promise<StoreHealth>;

  /**
   * Stores one artifact. Returns when it is safe against a crash.
   * @param name parts separated by `/`; none empty, `.` or `..`
   * @throws TransientStepError STORAGE_FULL, STORAGE_FAILED
   * @throws PermanentStepError STORAGE_FORBIDDEN, STORAGE_NAME
   * @throws what the source throws, as it is; the signal's reason when it aborts. Either way nothing is left behind
   */
  abstract put(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact>;

  /**
   * Removes one artifact; one that is not there is no error.
   * @throws as {@link put}
   */
  abstract remove(name: string, signal: AbortSignal): Promise<void>;
}
