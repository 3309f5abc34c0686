import { busy } from '../../job/slots.js';
import type { RateLimitedError } from '../../job/errors.js';

/** How many uploads may arrive at once. */
export interface UploadBounds {
  readonly most: number;
  /** An upload is not judged by its speed before it is so old. ms */
  readonly graceMs: number;
}

/** Each may take the whole of its size in memory. */
export const UPLOADS: UploadBounds = { most: 16, graceMs: 5_000 };

/** An upload on its way. */
export interface Upload {
  readonly since: number;
  /** So many bytes of it have come. */
  bytes: number;
  /** Ends it: another one needs its place. */
  readonly end: (reason: RateLimitedError) => void;
}

/**
 * The uploads on their way. They take no slot and no place in the line for one: who sends slowly keeps nobody from a slot.
 * When all places are taken, the slowest makes room.
 */
export class Uploads {
  private readonly arriving = new Set<Upload>();

  constructor(private readonly bounds: UploadBounds = UPLOADS) {}

  /** Takes a place. @throws RateLimitedError BUSY */
  begin(end: Upload['end']): Upload {
    if (this.arriving.size >= this.bounds.most) this.endSlowest();
    const upload = { since: performance.now(), bytes: 0, end };
    this.arriving.add(upload);
    return upload;
  }

  /** Gives the place back, once. */
  finish(upload: Upload): void {
    this.arriving.delete(upload);
  }

  private endSlowest(): void {
    const now = performance.now();
    const speed = ({ bytes, since }: Upload): number => bytes / (now - since);
    const old = [...this.arriving].filter(({ since }) => now - since > this.bounds.graceMs);
    const slowest = old.sort((a, b) => speed(a) - speed(b))[0];
    if (slowest === undefined) throw busy();
    this.finish(slowest);
    slowest.end(busy());
  }
}
