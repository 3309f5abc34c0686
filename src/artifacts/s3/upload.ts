import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { feed } from '../remote/content.js';
import { Pieces } from './pieces.js';
import type { ObjectHeaders, S3Link, StoredPart, SummedBytes } from './s3-link.js';

/** Of a stream so much is in memory at a time. S3 takes parts from 5 MiB on, and 10,000 of them: 80 GB. */
export const PART_BYTES = 8 * 1024 * 1024;

/** What an object keeps of its own MD5, so that whoever reads it can compare. An object in parts has none. */
export const SUM_NAME = 'content-md5';

/** How long an upload that failed may take to be taken back, ms. */
const ABANDON_MS = 5_000;

/** What was uploaded. */
export interface Uploaded {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly md5: string;
}

/** Makes a call again and again until it succeeds or fails for good. */
export type TryHard = <T>(call: () => Promise<T>) => Promise<T>;

/** One artifact on its way to its key. */
export class S3Upload {
  constructor(
    private readonly link: S3Link,
    private readonly key: string,
    private readonly headers: ObjectHeaders,
    private readonly tryHard: TryHard,
  ) {}

  /** @throws what `tryHard` throws */
  async putBytes(bytes: Buffer, signal: AbortSignal): Promise<Uploaded> {
    const digest = createHash('md5');
    await feed(bytes, digest);
    const sum = digest.digest();
    const md5 = sum.toString('hex');
    const headers = { ...this.headers, metadata: { ...this.headers.metadata, [SUM_NAME]: md5 } };
    const content = { bytes, md5: sum.toString('base64') };
    await this.tryHard(() => this.link.put(this.key, content, headers, signal));
    return { bytes: bytes.length, md5 };
  }

  /**
   * S3 wants to know a size beforehand. A stream is read up to one part: if it ends there it is stored at once, else in parts,
   * of which nobody sees anything before the last one is there.
   * @throws what the stream throws, as it is; what `tryHard` throws; the signal's reason
   */
  async putStream(content: Readable, signal: AbortSignal): Promise<Uploaded> {
    const pieces = new Pieces(content);
    try {
      const first = await pieces.next(PART_BYTES, signal);
      return pieces.isEnd ? await this.putBytes(first, signal) : await this.putInParts(first, pieces, signal);
    } finally {
      pieces.close();
    }
  }

  private async putInParts(first: Buffer, pieces: Pieces, signal: AbortSignal): Promise<Uploaded> {
    const { link, key } = this;
    const upload = await this.tryHard(() => link.begin(key, this.headers, signal));
    try {
      return await this.putParts(upload, first, pieces, signal);
    } catch (error) {
      await link.abandon(key, upload, AbortSignal.timeout(ABANDON_MS)).catch(() => undefined);
      throw error;
    }
  }

  private async putParts(upload: string, first: Buffer, pieces: Pieces, signal: AbortSignal): Promise<Uploaded> {
    const { link, key } = this;
    const whole = createHash('md5');
    const parts: StoredPart[] = [];
    let bytes = 0;
    for (let piece = first; ; piece = await pieces.next(PART_BYTES, signal)) {
      const part = createHash('md5');
      await feed(piece, whole, part);
      const content: SummedBytes = { bytes: piece, md5: part.digest('base64') };
      parts.push(await this.tryHard(() => link.putPart(key, upload, parts.length + 1, content, signal)));
      bytes += piece.length;
      if (pieces.isEnd) break;
    }
    await this.tryHard(() => link.complete(key, upload, parts, signal));
    return { bytes, md5: whole.digest('hex') };
  }
}
