import { constants } from 'node:fs';
import { mkdir, open, realpath, rm, statfs, type FileHandle } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArtifactStore, type Artifact, type StoredArtifact, type StoreHealth } from './artifact-store.js';
import { linkError, storageError } from './folder.errors.js';
import { partsOf } from './name-parts.js';
import { notFound, receive } from './received-file.js';
import { flushFolder, sweepParts, writeWhole } from './part-file.js';
import { watchSource } from './watch-source.js';

/** Artifacts as files below one folder of this machine: what the service uses unless Swift is set. */
export class FolderArtifactStore extends ArtifactStore {
  private readonly root: string;

  /** @param folder made when first needed */
  constructor(folder: string) {
    super();
    this.root = resolve(folder);
  }

  describe(): string {
    return `folder ${this.root}`;
  }

  async check(): Promise<StoreHealth> {
    try {
      const probe = { contentType: 'text/plain', source: () => Buffer.from('roadstream\n') };
      const name = `.check-${process.pid}`;
      await this.put(name, probe, AbortSignal.timeout(CHECK_TIMEOUT_MS));
      await this.remove(name);
      return { ok: true, message: `Artifacts go to ${this.root}; ${await this.freeSpace()} free.` };
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

  async fetch(name: string, file: string, maxBytes: number, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    try {
      const content = (await this.find(name)).createReadStream();
      return await receive(content, file, maxBytes, name, signal);
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
    await mkdir(this.root, { recursive: true });
    const root = await realpath(this.root);
    let folder = root;
    let isNew = false;
    for (const part of parts.slice(0, -1)) {
      const path = join(folder, part);
      isNew = await makeFolder(folder, path);
      folder = await realpath(path);
      if (folder !== root && !folder.startsWith(root + sep)) throw linkError(path, root);
    }
    if (!isNew) await sweepParts(folder, Date.now());
    return join(folder, parts.at(-1) as string);
  }

  private async freeSpace(): Promise<string> {
    const { bavail, bsize } = await statfs(this.root);
    return `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB`;
  }
}

const CHECK_TIMEOUT_MS = 5_000;

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Makes one folder unless it is there; true when it was made. */
async function makeFolder(parent: string, path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await flushFolder(parent);
  return true;
}
