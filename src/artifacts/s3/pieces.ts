import type { Readable } from 'node:stream';
import { unlessAborted } from '../../lib/unless-aborted.js';

/** A content in pieces of a given size, read as they are asked for: one is in memory at a time. */
export class Pieces {
  private readonly chunks: AsyncIterator<Buffer, undefined>;
  /** Read, but not given yet. */
  private rest: Buffer = Buffer.alloc(0);
  private hasEnded = false;

  constructor(private readonly content: Readable) {
    // Whoever reads is told; once nobody reads, nobody cares.
    content.on('error', () => undefined);
    this.chunks = content[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  /** Whether the piece that was given last was the last one. */
  get isEnd(): boolean {
    return this.hasEnded && this.rest.length === 0;
  }

  /**
   * The next piece; only the last one is shorter than `bytes`.
   * @throws what the content throws; the signal's reason
   */
  async next(bytes: number, signal: AbortSignal): Promise<Buffer> {
    const chunks = [this.rest];
    let length = this.rest.length;
    // One byte more, to know whether the piece is the last.
    while (length <= bytes && !this.hasEnded) {
      const read = await unlessAborted(this.chunks.next(), signal);
      if (read.done === true) {
        this.hasEnded = true;
      } else {
        chunks.push(read.value);
        length += read.value.length;
      }
    }
    const all = Buffer.concat(chunks, length);
    // A copy: a slice would keep all of it.
    this.rest = Buffer.from(all.subarray(bytes));
    return all.subarray(0, bytes);
  }

  /** Reads no more, and lets go of where the content comes from. */
  close(): void {
    this.content.destroy();
  }
}
