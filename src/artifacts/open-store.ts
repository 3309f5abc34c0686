import { loadLibrary } from '../lib/optional-library.js';
import type { ArtifactStore } from './artifact-store.js';
import { FolderArtifactStore } from './folder/folder.store.js';
import type { S3Settings } from './s3/s3.settings.js';
import type { SwiftSettings } from './swift/swift.settings.js';

/** Where artifacts shall go. */
export interface StoreSettings {
  /** A folder of this machine; used unless `swift` or `s3` is set. */
  readonly directory: string;
  /** In front of every artifact's name. */
  readonly prefix: string;
  readonly swift?: SwiftSettings | undefined;
  readonly s3?: S3Settings | undefined;
}

/**
 * The store that the settings ask for. Libraries are loaded only where they are used.
 * @throws PermanentStepError STORAGE_NO_FOLDER
 * @throws LibraryMissingError when those of S3 are not installed
 */
export async function openStore({ directory, prefix, swift, s3 }: StoreSettings): Promise<ArtifactStore> {
  if (s3 !== undefined) return openS3(s3);
  if (swift === undefined) return FolderArtifactStore.open(directory, prefix);
  const { SwiftArtifactStore } = await import('./swift/swift.store.js');
  return new SwiftArtifactStore(swift);
}

async function openS3(settings: S3Settings): Promise<ArtifactStore> {
  const needs = { range: '^3', variable: 'S3_BUCKET' };
  await loadLibrary({ name: '@aws-sdk/client-s3', ...needs }, () => import('@aws-sdk/client-s3'));
  const presigner = '@aws-sdk/s3-request-presigner';
  await loadLibrary({ name: presigner, ...needs }, () => import('@aws-sdk/s3-request-presigner'));
  const { S3ArtifactStore } = await import('./s3/s3.store.js');
  return new S3ArtifactStore(settings);
}
