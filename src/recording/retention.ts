/** A recorded file that may be deleted, by the time in its name. */
export interface Recorded {
  /** Absolute. */
  readonly path: string;
  /** ms since the epoch */
  readonly startMs: number;
}

/** How long recordings are kept, ms. */
export interface KeepPolicy {
  readonly keepMs: number;
  readonly lengthMs: number;
}

/** Segments of this number at least are kept, however short the time: their jobs are still to come. */
const FEWEST_KEPT = 2;

/** Those that are older than they are kept. The segment that goes on now, and the last ones before it, never. */
export function expired<T extends Recorded>(files: readonly T[], { keepMs, lengthMs }: KeepPolicy, nowMs: number): T[] {
  const keptMs = Math.max(keepMs, FEWEST_KEPT * lengthMs);
  return files.filter(({ startMs }) => startMs + lengthMs + keptMs < nowMs);
}

/** How full a disk is, bytes. */
export interface DiskUse {
  readonly used: number;
  /** What may be written yet by whoever is not root. */
  readonly available: number;
}

/** How many bytes have to go until the disk is no fuller than `share`, 0..1. */
export function bytesToFree({ used, available }: DiskUse, share: number): number {
  return Math.max(0, Math.ceil(used - share * (used + available)));
}

/** The oldest files that together have so many bytes, or all of them. */
export function oldestUpTo<T extends Recorded & { readonly bytes: number }>(files: readonly T[], bytes: number): T[] {
  let freed = 0;
  return files
    .toSorted((a, b) => a.startMs - b.startMs)
    .filter((file) => {
      if (freed >= bytes) return false;
      freed += file.bytes;
      return true;
    });
}
