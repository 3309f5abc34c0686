import { createHash, type Hash } from 'node:crypto';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';

/** Hashing this much takes a tenth of a millisecond: nothing else waits for long. */
const SLICE_BYTES = 64 * 1024;

/** Slices hashed before others get their turn. */
const SLICES_PER_TURN = 16;

/** The MD5 of some bytes, lower-case hexadecimal, without keeping the event loop for long. */
export async function md5Of(bytes: Buffer): Promise<string> {
  const hash = createHash('md5');
  await feed(bytes, hash);
  return hash.digest('hex');
}

/** Gives some bytes to hashes, without keeping the event loop for long. */
export async function feed(bytes: Buffer, ...hashes: readonly Hash[]): Promise<void> {
  let count = 0;
  for (const slice of slicesOf(bytes)) {
    for (const hash of hashes) hash.update(slice);
    if (++count % SLICES_PER_TURN === 0) await breathe();
  }
}

/** Any content as a stream of pieces that are not too large. */
export function streamOf(content: Readable | Buffer): Readable {
  return content instanceof Readable ? content : Readable.from(slicesOf(content), { objectMode: false });
}

function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield bytes.subarray(at, at + SLICE_BYTES);
}

/** Lets a stream through and tells what it was. */
export class Meter extends Transform {
  /** Bytes that passed. */
  bytes = 0;
  /** The MD5 of all of them, lower-case hexadecimal; undefined before the end. */
  md5: string | undefined;
  private readonly hash = createHash('md5');

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    callback(null, chunk);
  }

  override _flush(callback: TransformCallback): void {
    this.md5 = this.hash.digest('hex');
    callback();
  }
}
