/** A stretch of the clock whose video becomes one file: from a whole multiple of its length, ms since the epoch. */
export interface Segment {
  readonly startMs: number;
  /** Not part of it any more. */
  readonly endMs: number;
}

/** The segment that a time lies in. */
export function segmentAt(timeMs: number, lengthMs: number): Segment {
  const startMs = Math.floor(timeMs / lengthMs) * lengthMs;
  return { startMs, endMs: startMs + lengthMs };
}

/** What the file of a segment is called: `20240909T100000Z.mp4`. */
export function segmentFile(startMs: number): string {
  return `${new Date(startMs).toISOString().replace(/[-:]|\.\d+/g, '')}.mp4`;
}

/** Where a camera's segment lies below SEGMENTS_DIR, with `/` on every platform. */
export function segmentPath(cctvId: string, startMs: number): string {
  return `${cctvId}/${segmentFile(startMs)}`;
}

const FILE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.mp4$/;

/** The start of the segment that a file is named after, ms since the epoch; undefined for any other file. */
export function startOfSegmentFile(name: string): number | undefined {
  const [, year, month, day, hours, minutes, seconds] = FILE.exec(name) ?? [];
  if (year === undefined) return undefined;
  const startMs = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(startMs) ? undefined : startMs;
}
