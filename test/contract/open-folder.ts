import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import type { StoreUnderTest } from './artifact-store.contract.js';

/** A folder store in a folder of its own. */
export async function openFolder(): Promise<StoreUnderTest> {
  const root = await mkdtemp(join(tmpdir(), 'artifacts-'));
  return {
    store: new FolderArtifactStore(join(root, 'made', 'when needed')),
    read: (name) => readFile(join(root, 'made/when needed', name)).catch(() => undefined),
    list: () => filesBelow(join(root, 'made/when needed')),
    close: () => rm(root, { recursive: true }),
  };
}

/** Every file below a folder, sorted. */
export async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => relative(root, join(entry.parentPath, entry.name))).sort();
}
