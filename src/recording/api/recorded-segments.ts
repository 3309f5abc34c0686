import { readdir } from 'node:fs/promises';
import { SegmentFolder } from '../../capture/segment/segment-folder.js';
import { JobError } from '../../job/errors.js';
import { startOfSegmentFile } from '../../job/segment.js';

/** A recorded segment. */
export interface RecordedSegment {
  /** The name of its file in the camera's folder. */
  readonly name: string;
  /** ms since the epoch */
  readonly startMs: number;
  readonly bytes: number;
  /** Whether it is written to the end, as far as can be told. */
  readonly isReady: boolean;
}

/** Some segments of a camera. */
export interface SegmentPage {
  readonly segments: readonly RecordedSegment[];
  /** The name behind which the list goes on; null at its end. */
  readonly next: string | null;
}

/** A segment as a file that can be sent. */
export interface SegmentVideo extends RecordedSegment {
  /** Absolute, all links followed. */
  readonly path: string;
}

/** The recorded segments of cameras, below SEGMENTS_DIR. Nothing outside of it is shown, whatever a name or a link says. */
export class RecordedSegments {
  private readonly folder: SegmentFolder;

  /** @param stableMs a file that was written to within this time may grow yet */
  constructor(
    directory: string,
    private readonly stableMs: number,
  ) {
    this.folder = new SegmentFolder(directory);
  }

  /**
   * A camera's segments, newest first; none when there is no folder of it here.
   * @param before only those whose name sorts before this
   */
  async list(cctvId: string, limit: number, before?: string): Promise<SegmentPage> {
    const all = (await this.names(cctvId)).filter((name) => before === undefined || name < before);
    const names = all.sort((a, b) => (a < b ? 1 : -1)).slice(0, limit);
    const found = await Promise.all(names.map((name) => this.find(cctvId, name)));
    return {
      segments: found.flatMap((each) => each ?? []),
      next: all.length > limit ? (names.at(-1) ?? null) : null,
    };
  }

  /** One of them; undefined when there is none of this name, or what is there is no file within the folder. */
  async find(cctvId: string, name: string): Promise<SegmentVideo | undefined> {
    const startMs = startOfSegmentFile(name);
    if (startMs === undefined) return undefined;
    const path = `${cctvId}/${name}`;
    return unlessMissing(async () => {
      const found = await this.folder.find(path);
      const { bytes, changedAt } = await this.folder.look(found, path);
      const isReady = bytes > 0 && Date.now() - changedAt >= this.stableMs;
      return { name, startMs, bytes, isReady, path: found };
    });
  }

  private async names(cctvId: string): Promise<string[]> {
    const names = await unlessMissing(async () => readdir(await this.folder.find(cctvId)));
    return (names ?? []).filter((name) => startOfSegmentFile(name) !== undefined);
  }
}

/** What is gone, or nobody may read, is not there. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof JobError ? error.code : (error as NodeJS.ErrnoException).code;
    if (code !== undefined && (code.startsWith('SEGMENT_') || MISSING.has(code))) return undefined;
    throw error;
  }
}

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);
