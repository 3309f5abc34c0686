import { constants } from 'node:fs';
import { mkdir, open, realpath, rm, statfs, type FileHandle } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { JobError } from '../../job/errors.js';
import { ArtifactStore, type Artifact, type StoredArtifact, type StoreHealth } from '../artifact-store.js';
import { linkError, NO_FOLDER, rootError, storageError } from './folder.errors.js';
import { partsOf } from '../name-parts.js';
import { collect, notFound, receive } from './received-file.js';
import { flushFolder, writeWhole } from './part-file.js';
import { watchSource } from '../watch-source.js';

const MIB = 1024 ** 2;

/** How full the disk may be. */
export interface FreeSpaceBounds {
  /** With less free, the store counts as full: what is left is for those that write already. Bytes. */
  readonly least: number;
  /** With less free, it says so. Bytes. */
  readonly low: number;
}

/** A job leaves about 1 MB. */
const FREE_SPACE: FreeSpaceBounds = { least: 64 * MIB, low: 1024 * MIB };

/** Artifacts as files below one folder of this machine: what the service uses unless Swift is set. */
export class FolderArtifactStore extends ArtifactStore {
  private readonly root: string;

  /**
   * @param folder made when first needed
   * @param prefix in front of the names that are put, so that trying it out happens where artifacts go
   */
  constructor(
    folder: string,
    private readonly prefix = '',
    private readonly bounds: FreeSpaceBounds = FREE_SPACE,
  ) {
    super();
    this.root = resolve(folder);
  }

  /**
   * The store for a folder, unless something that is no folder stands in its place. One that cannot be written to now is no
   * reason: that may change.
   * @throws PermanentStepError STORAGE_NO_FOLDER
   */
  static async open(folder: string, prefix: string): Promise<FolderArtifactStore> {
    const store = new FolderArtifactStore(folder, prefix);
    await store.openRoot().catch((error: unknown) => {
      if (error instanceof JobError && error.code === NO_FOLDER) throw error;
    });
    return store;
  }

  describe(): string {
    return `folder ${this.root}`;
  }

  async check(bytes = PROBE_BYTES): Promise<StoreHealth> {
    try {
      const probe = { contentType: 'text/plain', source: () => Buffer.alloc(bytes) };
      const name = `${this.prefix}.check-${process.pid}`;
      await this.put(name, probe, AbortSignal.timeout(CHECK_TIMEOUT_MS));
      await this.remove(name);
      return this.judge(await this.freeSpace());
    } catch (error) {
      return { ok: false, message: storageError(error, this.root).message };
    }
  }

  async put(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact> {
    const source = watchSource(artifact.source);
    try {
      const path = await this.prepare(partsOf(name));
      const written = await writeWhole(path, source.open, signal);
      return { name, contentType: artifact.contentType, ...written, url: pathToFileURL(path).href };
    } catch (error) {
      signal.throwIfAborted();
      throw error === source.error() ? error : storageError(error, this.root);
    }
  }

  async remove(name: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    try {
      await rm(await this.prepare(partsOf(name)), { force: true });
    } catch (error) {
      throw storageError(error, this.root);
    }
  }

  fetch(name: string, file: string, maxBytes: number, signal: AbortSignal): Promise<number> {
    return this.pour(name, signal, (content) => receive(content, file, maxBytes, name, signal));
  }

  read(name: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    return this.pour(name, signal, (content) => collect(content, maxBytes, name, signal));
  }

  private async pour<T>(name: string, signal: AbortSignal, into: (content: Readable) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await into((await this.find(name)).createReadStream());
    } catch (error) {
      signal.throwIfAborted();
      throw storageError(error, this.root);
    }
  }

  /** Opens an artifact for reading. Neither a link that leads out is followed, nor anything but a file opened. */
  private async find(name: string): Promise<FileHandle> {
    const path = join(this.root, ...partsOf(name));
    const found = await realpath(path).catch((error: unknown) => {
      throw isMissing(error) ? notFound(name, this.describe(), error) : error;
    });
    if (!found.startsWith((await realpath(this.root)) + sep)) throw linkError(path, this.root);
    // A pipe without a writer would keep us waiting.
    const handle = await open(found, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw notFound(name, this.describe());
  }

  /** The path for a name; its folders are made. Every folder is looked at before anything is made inside it. */
  private async prepare(parts: readonly string[]): Promise<string> {
    const root = await this.openRoot();
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const path = join(folder, part);
      await makeFolder(folder, path);
      folder = await realpath(path);
      if (folder !== root && !folder.startsWith(root + sep)) throw linkError(path, root);
    }
    return join(folder, parts.at(-1) as string);
  }

  private async openRoot(): Promise<string> {
    try {
      await mkdir(this.root, { recursive: true });
      return await realpath(this.root);
    } catch (error) {
      throw rootError(error, this.root);
    }
  }

  /** Bytes. */
  private async freeSpace(): Promise<number> {
    const { bavail, bsize } = await statfs(this.root);
    return bavail * bsize;
  }

  private judge(free: number): StoreHealth {
    const { least, low } = this.bounds;
    const advice = 'Free some space there, or set ARTIFACTS_DIR to another disk.';
    if (free < least) {
      const message = `The artifact folder ${this.root} has only ${sizeOf(free)} free; jobs wait until it has ${sizeOf(least)}. ${advice}`;
      return { ok: false, message };
    }
    if (free >= low) return { ok: true, message: `Artifacts go to ${this.root}; ${sizeOf(free)} free.` };
    const message = `Artifacts go to ${this.root}, but only ${sizeOf(free)} are free; with less than ${sizeOf(least)} jobs wait. ${advice}`;
    return { ok: true, isShort: true, message };
  }
}

const CHECK_TIMEOUT_MS = 5_000;
const PROBE_BYTES = 16;

function sizeOf(bytes: number): string {
  return bytes < 1024 * MIB ? `${Math.floor(bytes / MIB)} MiB` : `${(bytes / 1024 / MIB).toFixed(1)} GiB`;
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Makes one folder unless it is there. */
async function makeFolder(parent: string, path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await flushFolder(parent);
}
