import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeError } from '../../job/errors.js';
import { segmentFile, segmentPath } from '../../job/segment.js';
import { completeSegments, readPieceName, worthJoining, type Piece, type PiecesOfSegment } from './piece.js';
import type { RecordingEvents } from '../recording-events.js';

/** Joins pieces to an MP4. See `joinPieces`. */
export type Join = (
  files: { pieces: readonly string[]; list: string; output: string },
  signal: AbortSignal,
) => Promise<void>;

/** The folder of pieces within a camera's folder. */
export const PIECES_FOLDER = '.recording';

/** What became of a camera's last segment. */
export interface SegmentNews {
  /** When one was put in its place, by `performance.now()`. */
  readonly finishedAt?: number;
  /** The code of what kept the next from it. */
  readonly trouble?: string;
}

/** Pieces that cannot be joined are tried so often, then left to a person until they are too old. */
const MOST_TRIES = 3;

/**
 * Makes the segments of all cameras out of their pieces, one at a time: that is a matter of reading and writing, which
 * several at once do not speed up. Safe to be asked again at any time, also after a crash in between.
 */
export class SegmentFinisher {
  private turn: Promise<void> = Promise.resolve();
  /** What was asked for and has not begun; once for each camera, however slow the disk is. */
  private readonly waiting = new Map<string, { openRun: string | undefined; signal: AbortSignal }>();
  private current: { cctvId: string; done: Promise<void> } | undefined;
  private readonly tries = new Map<string, number>();
  private readonly news = new Map<string, SegmentNews>();

  constructor(
    private readonly settings: { readonly directory: string; readonly lengthMs: number },
    private readonly join: Join,
    private readonly events: Pick<RecordingEvents, 'finished' | 'joinFailed'>,
  ) {}

  /** The folder of a camera's pieces; made if missing. */
  async folder(cctvId: string): Promise<string> {
    const folder = join(this.home(cctvId), PIECES_FOLDER);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /**
   * Joins what is complete as soon as it is the camera's turn, and does not keep anybody waiting. What fails is told, and
   * tried again with the next call.
   * @param openRun the run that goes on now
   */
  finish(cctvId: string, openRun: string | undefined, signal: AbortSignal): void {
    const isWaiting = this.waiting.has(cctvId);
    this.waiting.set(cctvId, { openRun, signal });
    if (!isWaiting) this.turn = this.turn.then(() => this.takeTurn(cctvId));
  }

  /** What is known of a camera's segments; empty for one that had none. */
  newsOf(cctvId: string): SegmentNews {
    return this.news.get(cctvId) ?? {};
  }

  /** Resolves once nothing is being joined for the camera. Abort the signal first. */
  async left(cctvId: string): Promise<void> {
    if (this.current?.cctvId === cctvId) await this.current.done;
  }

  private async takeTurn(cctvId: string): Promise<void> {
    const asked = this.waiting.get(cctvId);
    this.waiting.delete(cctvId);
    if (asked === undefined || asked.signal.aborted) return;
    const done = this.finishNow(cctvId, asked.openRun, asked.signal);
    this.current = { cctvId, done };
    await done;
  }

  private async finishNow(cctvId: string, openRun: string | undefined, signal: AbortSignal): Promise<void> {
    try {
      const pieces = await piecesIn(await this.folder(cctvId));
      const clock = { nowMs: Date.now(), lengthMs: this.settings.lengthMs };
      for (const segment of completeSegments(pieces, openRun, clock)) {
        if (signal.aborted) return;
        await this.finishOne(cctvId, segment, signal);
      }
    } catch (error) {
      this.failed(cctvId, cctvId, error);
    }
  }

  private async finishOne(cctvId: string, segment: PiecesOfSegment, signal: AbortSignal): Promise<void> {
    const path = segmentPath(cctvId, segment.startMs);
    const tries = this.tries.get(path) ?? 0;
    if (tries >= MOST_TRIES) return;
    try {
      await this.joinOne(cctvId, segment, signal);
      this.tries.delete(path);
    } catch (error) {
      if (signal.aborted) return;
      // On a full disk every segment would soon have had its tries.
      if ((error as { code?: string }).code !== 'DISK_FULL') this.tries.set(path, tries + 1);
      this.failed(cctvId, path, error);
    }
  }

  private failed(cctvId: string, path: string, error: unknown): void {
    this.news.set(cctvId, { ...this.newsOf(cctvId), trouble: describeError(error).code });
    this.events.joinFailed(cctvId, path, error);
  }

  /** Renaming is the one moment at which the segment is there; pieces go after it. */
  private async joinOne(cctvId: string, { startMs, pieces }: PiecesOfSegment, signal: AbortSignal): Promise<void> {
    const folder = await this.folder(cctvId);
    const target = join(this.home(cctvId), segmentFile(startMs));
    const worth = worthJoining(pieces);
    // What a recorder that was cut off adds late is not worth judging a segment twice.
    if (worth.length > 0 && !(await exists(target))) {
      await this.joinInto(target, startMs, { folder, pieces: worth.map(({ name }) => name) }, signal);
      this.news.set(cctvId, { finishedAt: performance.now() });
      this.events.finished(cctvId, segmentPath(cctvId, startMs));
    }
    for (const { name } of pieces) await rm(join(folder, name), { force: true });
  }

  /** Under names of its own, since a replica whose lease was lost may join the same; they never outlast the call. */
  private async joinInto(
    target: string,
    startMs: number,
    { folder, pieces }: { folder: string; pieces: readonly string[] },
    signal: AbortSignal,
  ): Promise<void> {
    const name = join(folder, `${startMs}-${randomBytes(4).toString('hex')}`);
    const [list, output] = [`${name}.txt`, `${name}.mp4`];
    try {
      await this.join({ pieces, list, output }, signal);
      await rename(output, target);
    } finally {
      await rm(list, { force: true });
      await rm(output, { force: true });
    }
  }

  private home(cctvId: string): string {
    return resolve(this.settings.directory, cctvId);
  }
}

async function piecesIn(folder: string): Promise<Piece[]> {
  const pieces = (await readdir(folder)).flatMap((name) => readPieceName(name) ?? []);
  const found = await Promise.all(
    pieces.map(async (piece): Promise<Piece | undefined> => {
      const stats = await lstat(join(folder, piece.name)).catch(() => undefined);
      return stats?.isFile() === true ? { ...piece, endMs: stats.mtimeMs, bytes: stats.size } : undefined;
    }),
  );
  return found.filter((piece) => piece !== undefined);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
