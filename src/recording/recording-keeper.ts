import { lstat, readdir, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isName } from '../job/names.js';
import { startOfSegmentFile } from '../job/segment.js';
import { readPieceName } from './piece.js';
import type { RecordingEvents } from './recording-events.js';
import { bytesToFree, expired, oldestUpTo, type KeepPolicy, type Recorded } from './retention.js';
import { PIECES_FOLDER } from './segment-finisher.js';

/** What is kept of recordings, and where. */
export interface KeeperSettings extends KeepPolicy {
  readonly directory: string;
  /** The oldest recordings go while the disk is fuller than this, 0..1. */
  readonly diskShare: number;
}

/**
 * Deletes recordings that are too old, and the oldest while the disk is too full. Touches files only that are named as
 * recordings are, in folders that are no symbolic links. Any number of replicas may do so at once.
 */
export class RecordingKeeper {
  constructor(
    private readonly settings: KeeperSettings,
    private readonly events: Pick<RecordingEvents, 'deleted' | 'keepingFailed'>,
  ) {}

  /** Looks through all recordings once. Never rejects. */
  async tidy(nowMs = Date.now()): Promise<void> {
    try {
      await this.deleteOld(nowMs);
      await this.makeRoom(nowMs);
    } catch (error) {
      if (!isMissing(error)) this.events.keepingFailed(error);
    }
  }

  private async deleteOld(nowMs: number): Promise<void> {
    const files = [...(await this.segments()), ...(await this.pieces())];
    const count = await deleteAll(expired(files, this.settings, nowMs));
    if (count > 0) this.events.deleted(count, 'age');
  }

  private async makeRoom(nowMs: number): Promise<void> {
    const bytes = bytesToFree(await diskUse(this.settings.directory), this.settings.diskShare);
    if (bytes === 0) return;
    const settled = expired(await this.segments(), { ...this.settings, keepMs: 0 }, nowMs);
    const count = await deleteAll(oldestUpTo(await withSizes(settled), bytes));
    if (count > 0) this.events.deleted(count, 'disk');
  }

  private async segments(): Promise<Recorded[]> {
    const found = await Promise.all((await this.cameraFolders()).map((folder) => filesIn(folder, startOfSegmentFile)));
    return found.flat();
  }

  private async pieces(): Promise<Recorded[]> {
    const startOf = (name: string): number | undefined => readPieceName(name)?.startMs;
    const folders = await Promise.all((await this.cameraFolders()).map(piecesFolders));
    return (await Promise.all(folders.flat().map((folder) => filesIn(folder, startOf)))).flat();
  }

  private async cameraFolders(): Promise<string[]> {
    const directory = resolve(this.settings.directory);
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isName(entry.name))
      .map(({ name }) => join(directory, name));
  }
}

async function piecesFolders(camera: string): Promise<string[]> {
  const entries = await readdir(camera, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name === PIECES_FOLDER)
    .map(({ name }) => join(camera, name));
}

async function filesIn(folder: string, startOf: (name: string) => number | undefined): Promise<Recorded[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .flatMap(({ name }) => {
      const startMs = startOf(name);
      return startMs === undefined ? [] : [{ path: join(folder, name), startMs }];
    });
}

async function withSizes(files: readonly Recorded[]): Promise<(Recorded & { bytes: number })[]> {
  return Promise.all(
    files.map(async (file) => ({
      ...file,
      bytes: await lstat(file.path).then(
        ({ size }) => size,
        () => 0,
      ),
    })),
  );
}

async function diskUse(directory: string): Promise<{ used: number; available: number }> {
  const { bsize, blocks, bfree, bavail } = await statfs(directory);
  return { used: (blocks - bfree) * bsize, available: bavail * bsize };
}

/** Another replica may have been faster. */
async function deleteAll(files: readonly Recorded[]): Promise<number> {
  for (const { path } of files) await rm(path, { force: true });
  return files.length;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
