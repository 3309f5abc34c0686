import { describeError } from '../job/errors.js';
import type { Log } from '../log/log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RecordingEvents } from './recording-events.js';

const MS = 1000;

/** A line for each change, and numbers. A camera that stays down is repeated at debug level only. */
export class LoggedRecordings implements RecordingEvents {
  private readonly down = new Map<string, string>();

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    // An alert on a counter's growth needs to have seen it at 0.
    for (const reason of ['age', 'disk']) metrics.recordingDeleted.inc({ reason }, 0);
  }

  taken(cctvId: string): void {
    this.log.info({ cctvId }, 'This replica records the camera from now on.');
  }

  given(cctvId: string, reason: string): void {
    this.down.delete(cctvId);
    this.log.info({ cctvId, reason }, 'This replica no longer records the camera.');
  }

  recording(cctvId: string): void {
    const wasDown = this.down.delete(cctvId);
    this.log.info({ cctvId }, wasDown ? 'The camera is recorded again.' : 'The camera is being recorded.');
  }

  broke(cctvId: string, error: unknown, failures: number, delayMs: number): void {
    const { code, message, unexpected } = describeError(error);
    this.metrics.recordingRestarts.inc({ code });
    const isNews = this.down.get(cctvId) !== code;
    this.down.set(cctvId, code);
    const details = { cctvId, code, failures, retryInSeconds: delayMs / MS, ...(unexpected ? { err: error } : {}) };
    this.log[isNews ? 'warn' : 'debug'](details, `The recording broke off. ${message}`);
  }

  finished(cctvId: string, path: string): void {
    this.metrics.recordingSegments.inc();
    this.log.info({ cctvId, video: path }, 'A segment is recorded.');
  }

  joinFailed(cctvId: string, path: string, error: unknown): void {
    this.log.error({ cctvId, video: path, ...describeError(error) }, 'A segment could not be put together.');
  }

  active(count: number): void {
    this.metrics.recordingActive.set(count);
  }

  deleted(count: number, reason: 'age' | 'disk'): void {
    this.metrics.recordingDeleted.inc({ reason }, count);
    const because = reason === 'age' ? 'were old enough' : 'had to make room on the disk (SEGMENT_DISK_PERCENT)';
    this.log[reason === 'age' ? 'info' : 'warn']({ count, reason }, `Recordings were deleted that ${because}.`);
  }

  keepingFailed(error: unknown): void {
    this.log.error(describeError(error), 'Old recordings cannot be looked through: check SEGMENTS_DIR.');
  }

  leasesLost(error: unknown): void {
    const because = describeError(error).message;
    this.log.warn({ because }, 'Redis is away: recording goes on here, but nobody takes cameras over.');
  }

  leasesBack(): void {
    this.log.info('Redis is back: who records what is agreed on again.');
  }
}
