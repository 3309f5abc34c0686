import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform, Writable, type Readable, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PermanentStepError, TransientStepError } from '../../job/errors.js';

/** Only whoever runs the service reads what was fetched. */
const OWNER_ONLY = 0o600;

/**
 * Writes a stream into a file, which is removed again when anything goes wrong.
 * @returns bytes
 * @throws PermanentStepError STORAGE_TOO_LARGE; TransientStepError STORAGE_NO_ROOM; what the stream or the file system throws; the signal's reason
 */
export async function receive(
  content: Readable,
  file: string,
  maxBytes: number,
  name: string,
  signal: AbortSignal,
): Promise<number> {
  const bound = new Bound(name, maxBytes);
  try {
    await pipeline(content, bound, createWriteStream(file, { mode: OWNER_ONLY }), { signal });
    return bound.bytes;
  } catch (error) {
    await rm(file, { force: true });
    throw signal.aborted ? signal.reason : isFull(error) ? noRoom(error) : error;
  }
}

/**
 * Takes a stream into memory.
 * @throws PermanentStepError STORAGE_TOO_LARGE; what the stream throws; the signal's reason
 */
export async function collect(content: Readable, maxBytes: number, name: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const keep = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  try {
    await pipeline(content, new Bound(name, maxBytes), keep, { signal });
    return Buffer.concat(chunks);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Lets no more than so many bytes through, and counts them. */
class Bound extends Transform {
  bytes = 0;

  constructor(
    private readonly artifact: string,
    private readonly maxBytes: number,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.maxBytes) done(tooLarge(this.artifact, this.maxBytes));
    else done(null, chunk);
  }
}

/** Of what is read nothing can be full: it is the disk of the copy. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function noRoom(cause: unknown): TransientStepError {
  const text = 'The folder for temporary files is full; free some space there, or set TMPDIR.';
  return new TransientStepError('STORAGE_NO_ROOM', text, { step: 'artifacts', cause });
}

const BYTES_PER_MB = 1024 * 1024;

function tooLarge(name: string, maxBytes: number): PermanentStepError {
  const text = `The artifact ${quoted(name)} is larger than ${Math.floor(maxBytes / BYTES_PER_MB)} MB, the most that is fetched.`;
  return new PermanentStepError('STORAGE_TOO_LARGE', text, { step: 'artifacts' });
}

/** There is nothing under a name: it may be on its way. `where` names the store. */
export function notFound(name: string, where: string, cause?: unknown): TransientStepError {
  const text = `There is no artifact ${quoted(name)} in ${where}. Look whether it was removed, or never stored.`;
  return new TransientStepError('STORAGE_NOT_FOUND', text, { step: 'artifacts', cause });
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
