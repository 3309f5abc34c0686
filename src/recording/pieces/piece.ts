import { segmentAt, type Segment } from '../../job/segment.js';

/** A finished or broken-off part of a recording, as it lies in its camera's folder of pieces. */
export interface Piece {
  readonly name: string;
  /** Which run of ffmpeg wrote it. */
  readonly run: string;
  /** When it was begun, ms since the epoch. */
  readonly startMs: number;
  /** When it was last written to, ms since the epoch. */
  readonly endMs: number;
  readonly bytes: number;
}

const NAME = /^(\d{9,11})-([0-9a-z]+)\.ts$/;

/** Start and run from a piece's name; undefined for any other file. */
export function readPieceName(name: string): Pick<Piece, 'name' | 'run' | 'startMs'> | undefined {
  const [, seconds, run] = NAME.exec(name) ?? [];
  return run === undefined ? undefined : { name, run, startMs: Number(seconds) * 1000 };
}

const HALF_JOINED = /^(\d{12,14})-[0-9a-f]+\.(?:mp4|txt)$/;

/** The start, ms since the epoch, of the segment that a file was to become whose writer was killed; undefined for any other file. */
export function startOfHalfJoined(name: string): number | undefined {
  const [, startMs] = HALF_JOINED.exec(name) ?? [];
  return startMs === undefined ? undefined : Number(startMs);
}

/** A segment and the pieces that it is to be made of, in order. */
export interface PiecesOfSegment extends Segment {
  readonly pieces: readonly Piece[];
}

/**
 * The segments that can be joined: those that are over by the clock and to which nobody adds.
 * @param openRun the run that goes on now: its last piece is not complete
 */
export function completeSegments(
  pieces: readonly Piece[],
  openRun: string | undefined,
  { nowMs, lengthMs }: { nowMs: number; lengthMs: number },
): PiecesOfSegment[] {
  const ordered = pieces.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const open = ordered.findLast(({ run }) => run === openRun);
  const starts = new Set(ordered.map(({ startMs }) => segmentAt(startMs, lengthMs).startMs));
  return [...starts]
    .map((startMs) => ({ startMs, endMs: startMs + lengthMs }))
    .map((segment) => ({ ...segment, pieces: ordered.filter((piece) => liesIn(piece, segment)) }))
    .filter(({ endMs, pieces: own }) => endMs <= nowMs && (open === undefined || !own.includes(open)));
}

function liesIn({ startMs }: Piece, segment: Segment): boolean {
  return startMs >= segment.startMs && startMs < segment.endMs;
}

/** A whole packet of MPEG-TS: with less there is no picture in it. Bytes. */
const SMALLEST = 188;
/** A piece counts as recorded twice when more of it than this lies in the time of others, share. */
const MOST_OVERLAP = 0.5;

/**
 * The pieces worth joining: without empty ones, and without those of a second recorder that for a while recorded the
 * same, as when two replicas hand a camera over.
 * @param pieces in the order of their start
 */
export function worthJoining(pieces: readonly Piece[]): Piece[] {
  let coveredMs = -Infinity;
  return pieces.filter(({ startMs, endMs, bytes }) => {
    const overlapMs = Math.min(coveredMs, endMs) - startMs;
    if (bytes < SMALLEST || overlapMs > (endMs - startMs) * MOST_OVERLAP) return false;
    coveredMs = Math.max(coveredMs, endMs);
    return true;
  });
}
