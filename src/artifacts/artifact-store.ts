import type { Readable } from 'node:stream';

/** Something to store. */
export interface Artifact {
  /** For example `image/jpeg`. */
  contentType: string;
  /** Opens the content from its start; asked again for every try, and must give the same bytes each time. */
  source: () => Readable | Buffer;
  /** What a store keeps beside the content if it can: lower-case names of letters, digits and `-`; any text as value. */
  metadata?: Readonly<Record<string, string>>;
  /** It is not removed with age, as a store may do with all others. */
  isLasting?: boolean;
}

/** Something that is stored, checked and readable by others. */
export interface StoredArtifact {
  /** The name it was put under, parts separated by `/`. */
  name: string;
  contentType: string;
  bytes: number;
  /** MD5 of the content, in lower-case hexadecimal: what object stores call the ETag. */
  md5: string;
  /** Where a person finds it. It may open the artifact to whoever has it, for a time; it holds no other secret. */
  url: string;
}

/** Whether the store would take an artifact now. */
export interface StoreHealth {
  ok: boolean;
  /** A sentence; when not ok or short, what to do. */
  message: string;
  /** It takes artifacts now, but soon may not. */
  isShort?: boolean;
}

/** Where artifacts go. An artifact is there as a whole or not at all; one put again replaces the earlier one. */
export abstract class ArtifactStore {
  /** What and where the store is, for logs and `doctor`; no secret in it. */
  abstract describe(): string;

  /**
   * Tries out whether artifacts can be stored. Never throws.
   * @param bytes an artifact of this size has to fit; left out: a very small one
   */
  abstract check(bytes?: number): Promise<StoreHealth>;

  /** Why no job could store anything now, as a sentence for the operator; undefined when it could. Costs nothing. */
  heldBackBecause(): string | undefined {
    return undefined;
  }

  /**
   * To be called before work that would be for nothing if its result could not be stored.
   * @throws OutageError STORAGE_AWAY when it could not
   */
  async ensure(): Promise<void> {
    // A store that nobody watches knows nothing beforehand.
  }

  /**
   * Stores one artifact. Returns when it is safe against a crash.
   * @param name parts separated by `/`; none empty, `.` or `..`
   * @throws PermanentStepError STORAGE_NAME, and others of the store's own when only an operator can help
   * @throws TransientStepError when another try may help: no space, no network
   * @throws OutageError when it is watched and takes nothing from anybody
   * @throws RateLimitedError when the store asks for patience
   * @throws what the source throws, as it is; the signal's reason when it aborts. Either way nothing is left behind, unless
   *   the abort comes when the last byte is on its way to another machine: the artifact may then be there, whole
   */
  abstract put(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact>;

  /**
   * Removes one artifact; one that is not there is no error.
   * @throws as {@link put}
   */
  abstract remove(name: string, signal: AbortSignal): Promise<void>;

  /**
   * Copies an artifact into a file of this machine, as a stream; an earlier file is replaced. When anything goes wrong
   * no file is left.
   * @param file a path; its folder is there
   * @returns bytes
   * @throws TransientStepError STORAGE_NOT_FOUND when there is no such artifact
   * @throws TransientStepError STORAGE_NO_ROOM when the disk of `file` is full
   * @throws PermanentStepError STORAGE_TOO_LARGE when it has more than `maxBytes`
   * @throws otherwise as {@link put}
   */
  abstract fetch(name: string, file: string, maxBytes: number, signal: AbortSignal): Promise<number>;

  /**
   * Reads a small artifact into memory.
   * @throws TransientStepError STORAGE_NOT_FOUND when there is no such artifact
   * @throws PermanentStepError STORAGE_TOO_LARGE when it has more than `maxBytes`
   * @throws otherwise as {@link put}
   */
  abstract read(name: string, maxBytes: number, signal: AbortSignal): Promise<Buffer>;
}
