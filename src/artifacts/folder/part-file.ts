import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What was written. */
export interface Written {
  bytes: number;
  /** lower-case hexadecimal */
  md5: string;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const PART_FILE = /^\..+\.[0-9a-f-]{36}\.part$/;

/** A writer that lives touches its file far more often. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Writes a file so that others see it whole or not at all, even after a power cut: under a temporary name beside it,
 * flushed, renamed, the folder flushed. Whatever goes wrong, the temporary file is removed. What killed writers left in the
 * folder is removed as well.
 * @throws what the file system or the source throws; the signal's reason when it aborts
 */
export async function writeWhole(path: string, source: () => Readable | Buffer, signal: AbortSignal): Promise<Written> {
  signal.throwIfAborted();
  const part = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    const written = await writePart(part, source(), signal);
    signal.throwIfAborted();
    await rename(part, path);
    await flushFolder(dirname(path));
    return written;
  } catch (error) {
    await rm(part, { force: true });
    throw signal.aborted ? signal.reason : error;
  }
}

async function writePart(part: string, content: Readable | Buffer, signal: AbortSignal): Promise<Written> {
  const handle = await openPart(part).catch((error: unknown) => {
    if (content instanceof Readable) content.destroy();
    throw error;
  });
  try {
    const written = await copy(content, handle, signal);
    await handle.sync();
    return written;
  } finally {
    await handle.close();
  }
}

/** Opens a new part; what is old beside it is removed. */
async function openPart(part: string): Promise<FileHandle> {
  const handle = await open(part, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o644);
  try {
    await sweepParts(dirname(part), (await handle.stat()).mtimeMs);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function copy(content: Readable | Buffer, handle: FileHandle, signal: AbortSignal): Promise<Written> {
  const hash = createHash('md5');
  let bytes = 0;
  const writeAll = async (chunks: AsyncIterable<Buffer | string>): Promise<void> => {
    for await (const chunk of chunks) {
      const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(buffer);
      bytes += buffer.length;
      await writeFully(handle, buffer);
    }
  };
  // One element: iterating over a Buffer itself would give its bytes one by one.
  await pipeline(content instanceof Readable ? content : [content], writeAll, { signal });
  return { bytes, md5: hash.digest('hex') };
}

/** A write may take less than it was given, at the edge of a quota for example; the rest then says why. */
async function writeFully(handle: FileHandle, buffer: Buffer): Promise<void> {
  for (let at = 0; at < buffer.length;) at += (await handle.write(buffer, at)).bytesWritten;
}

/** Makes the names in a folder safe against a power cut. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes what writers left in a folder that were killed half way.
 * @param now by the clock that dates the files: ours may be wrong, and then files of living writers look old. ms since the epoch
 */
async function sweepParts(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!PART_FILE.test(name)) continue;
    const path = join(folder, name);
    // Gone in between: its writer lives, or somebody else swept.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}
