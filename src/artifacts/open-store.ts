import type { ArtifactStore } from './artifact-store.js';
import { FolderArtifactStore } from './folder/folder.store.js';
import type { SwiftSettings } from './swift/swift.settings.js';

/** Where artifacts shall go. */
export interface StoreSettings {
  /** A folder of this machine; used unless `swift` is set. */
  readonly directory: string;
  /** In front of every artifact's name. */
  readonly prefix: string;
  readonly swift: SwiftSettings | undefined;
}

/** The store that the settings ask for. Swift's library is loaded only where it is used. @throws PermanentStepError STORAGE_NO_FOLDER */
export async function openStore({ directory, prefix, swift }: StoreSettings): Promise<ArtifactStore> {
  if (swift === undefined) return FolderArtifactStore.open(directory, prefix);
  const { SwiftArtifactStore } = await import('./swift/swift.store.js');
  return new SwiftArtifactStore(swift);
}
