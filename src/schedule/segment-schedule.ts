import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { segmentPath } from '../job/segment.js';
import type { JobProducer } from '../queue/job-producer.js';
import { laneOf, type IsUrgent } from './lane-of.js';
import { slotsDue } from './slots-due.js';

/** Which segments become jobs. */
export interface SegmentScheduleSettings {
  /** Cameras that are recorded. */
  readonly cameras: readonly string[];
  readonly directory: string;
  readonly lengthMs: number;
  /** How many segments before the last one are made up for. */
  readonly catchUp: number;
}

/**
 * Makes one assessment job of each recorded segment. Looks at nothing but the clock and the files: what is there becomes
 * a job under a name that counts once for all replicas, and what is not there (yet) is looked for again until it is too
 * old. So it does not matter which replica recorded it, which of them look, or which died.
 */
export class SegmentSchedule {
  /** Paths known to have become jobs, within the time that is looked at. */
  private done = new Set<string>();

  constructor(
    private readonly settings: SegmentScheduleSettings,
    private readonly producer: JobProducer,
    private readonly isUrgent: IsUrgent,
    private readonly onAdded: () => void,
  ) {}

  /**
   * Adds what is due.
   * @throws TransientStepError NOT_ENQUEUED; what is left comes with the next call
   */
  async tick(nowMs: number, signal: AbortSignal): Promise<void> {
    const { cameras, lengthMs, catchUp } = this.settings;
    const starts = slotsDue({ intervalMs: lengthMs, offsetMs: 0 }, nowMs - lengthMs, undefined, catchUp + 1);
    this.forgetBut(starts);
    for (const startMs of starts) {
      for (const cctvId of cameras) {
        if (signal.aborted) return;
        await this.addIfThere(cctvId, startMs, nowMs);
      }
    }
  }

  private async addIfThere(cctvId: string, startMs: number, nowMs: number): Promise<void> {
    const video = segmentPath(cctvId, startMs);
    if (this.done.has(video) || !(await isFile(join(this.settings.directory, video)))) return;
    const { lengthMs, catchUp } = this.settings;
    const added = await this.producer.addOnce({
      lane: await laneOf(this.isUrgent, cctvId),
      once: `segment:${cctvId}:${startMs}`,
      // As long as any replica may still look at it, and some more for clocks that differ.
      rememberMs: (catchUp + 3) * lengthMs + CLOCKS_DIFFER_MS,
      fields: {
        cctvId,
        segmentStart: new Date(startMs).toISOString(),
        segmentEnd: new Date(startMs + lengthMs).toISOString(),
        video,
        enqueuedAt: String(nowMs),
      },
    });
    this.done.add(video);
    if (added !== undefined) this.onAdded();
  }

  private forgetBut(starts: readonly number[]): void {
    const paths = new Set(this.settings.cameras.flatMap((id) => starts.map((startMs) => segmentPath(id, startMs))));
    this.done = new Set([...this.done].filter((path) => paths.has(path)));
  }
}

const CLOCKS_DIFFER_MS = 3_600_000;

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
