import { lstat, readdir, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isName } from '../lib/names.js';
import { startOfSegmentFile } from '../job/segment.js';
import { readPieceName, startOfHalfJoined } from './pieces/piece.js';
import type { RecordingEvents } from './recording-events.js';
import { bytesToFree, expired, oldestUpTo, type KeepPolicy, type Recorded } from './retention.js';
import { PIECES_FOLDER } from './pieces/segment-finisher.js';

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
  private tidying: Promise<void> | undefined;
  private failure: unknown;

  constructor(
    private readonly settings: KeeperSettings,
    private readonly events: Pick<RecordingEvents, 'deleted' | 'keepingFailed'>,
  ) {}

  /** Looks through all recordings once; asked again before it is done it does not begin twice. Never rejects. */
  tidy(nowMs = Date.now()): Promise<void> {
    this.tidying ??= this.tidyNow(nowMs).finally(() => (this.tidying = undefined));
    return this.tidying;
  }

  private async tidyNow(nowMs: number): Promise<void> {
    try {
      await this.deleteOld(nowMs);
      await this.makeRoom(nowMs);
    } catch (error) {
      this.failed(error);
    }
    if (this.failure !== undefined) this.events.keepingFailed(this.failure);
    this.failure = undefined;
  }

  private async deleteOld(nowMs: number): Promise<void> {
    const count = await this.deleteAll(expired(await this.recorded(), this.settings, nowMs));
    if (count > 0) this.events.deleted(count, 'age');
  }

  private async makeRoom(nowMs: number): Promise<void> {
    const bytes = bytesToFree(await diskUse(this.settings.directory), this.settings.diskShare);
    if (bytes === 0) return;
    const settled = expired(await this.recorded(), { ...this.settings, keepMs: 0 }, nowMs);
    const count = await this.deleteAll(oldestUpTo(await withSizes(settled), bytes));
    if (count > 0) this.events.deleted(count, 'disk');
  }

  /** Segments, and the pieces of those that were never put together. */
  private async recorded(): Promise<Recorded[]> {
    const found = await Promise.all(
      (await this.cameraFolders()).map(async (camera) => [
        ...(await this.filesIn(camera, startOfSegmentFile)),
        ...(await this.filesIn(join(camera, PIECES_FOLDER), startOfPiece)),
      ]),
    );
    return found.flat();
  }

  private async cameraFolders(): Promise<string[]> {
    const directory = resolve(this.settings.directory);
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && isName(entry.name))
      .map(({ name }) => join(directory, name));
  }

  /** None where the folder is none, or a link. What one camera's folder has wrong keeps no other from being looked through. */
  private async filesIn(folder: string, startOf: StartOf): Promise<Recorded[]> {
    try {
      if (!(await lstat(folder)).isDirectory()) return [];
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).flatMap(({ name }) => recordedAs(folder, name, startOf));
    } catch (error) {
      this.failed(error);
      return [];
    }
  }

  /** Another replica may have been faster. Gives how many are gone. */
  private async deleteAll(files: readonly Recorded[]): Promise<number> {
    let count = 0;
    for (const { path } of files) {
      await rm(path, { force: true }).then(
        () => (count += 1),
        (error: unknown) => this.failed(error),
      );
    }
    return count;
  }

  /** What is gone is no trouble. Of the rest the first is told: it has the others' reason, as a rule. */
  private failed(error: unknown): void {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.failure ??= error;
  }
}

type StartOf = (name: string) => number | undefined;

function startOfPiece(name: string): number | undefined {
  return readPieceName(name)?.startMs ?? startOfHalfJoined(name);
}

function recordedAs(folder: string, name: string, startOf: StartOf): Recorded[] {
  const startMs = startOf(name);
  return startMs === undefined ? [] : [{ path: join(folder, name), startMs }];
}

/** One after the other: hundreds of thousands at once would keep everybody else from the disk. */
async function withSizes(files: readonly Recorded[]): Promise<(Recorded & { bytes: number })[]> {
  const sized = [];
  for (const file of files) sized.push({ ...file, bytes: await sizeOf(file.path) });
  return sized;
}

async function sizeOf(path: string): Promise<number> {
  return lstat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function diskUse(directory: string): Promise<{ used: number; available: number }> {
  const { bsize, blocks, bfree, bavail } = await statfs(directory);
  return { used: (blocks - bfree) * bsize, available: bavail * bsize };
}
