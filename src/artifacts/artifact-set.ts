import { abortedBy } from '../lib/aborted-by.js';
import type { Artifact, ArtifactStore, StoredArtifact } from './artifact-store.js';

/** One file of a set. */
export interface ArtifactFile extends Artifact {
  /** The file's name within the set's folder. */
  file: string;
}

/** Files that belong together, and the one whose presence says that the set is complete. */
export interface ArtifactSetContent {
  files: readonly ArtifactFile[];
  /** The name of the file that is written last. */
  sealFile: string;
  /** Makes that file, told what was stored before it. */
  seal: (stored: readonly StoredArtifact[]) => Artifact;
}

/** All files of one job under one folder of a store: complete, or without its seal. */
export class ArtifactSet {
  /** @param folder ends with a slash, see `artifactFolder` */
  constructor(
    private readonly store: ArtifactStore,
    readonly folder: string,
  ) {}

  /**
   * Stores the files all at once, then the seal. An earlier run's seal is taken away first, lest it vouch for a mixture
   * of two runs. When one file fails the others are aborted; the error comes when all have ended, so that nothing is
   * written after it.
   *
   * @returns the files in their order, the seal last
   * @throws as `ArtifactStore.put`
   */
  async put({ files, sealFile, seal }: ArtifactSetContent, signal: AbortSignal): Promise<StoredArtifact[]> {
    await this.store.remove(this.folder + sealFile, signal);
    const stored = await this.putTogether(files, signal);
    return [...stored, await this.store.put(this.folder + sealFile, seal(stored), signal)];
  }

  private async putTogether(files: readonly ArtifactFile[], signal: AbortSignal): Promise<StoredArtifact[]> {
    const failure = new AbortController();
    return abortedBy([signal, failure.signal], async (either) => {
      const puts = files.map(async (file) => {
        try {
          return await this.store.put(this.folder + file.file, file, either);
        } catch (error) {
          failure.abort(error);
          throw error;
        }
      });
      await Promise.allSettled(puts);
      either.throwIfAborted();
      return Promise.all(puts);
    });
  }
}
