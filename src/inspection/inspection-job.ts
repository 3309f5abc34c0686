import type { Job } from '../job/handler.js';
import { inspectionNeedsMs } from './inspection.kind.js';
import { readFields, type RawPayload } from '../job/payload.js';
import { readTraceparent } from '../job/payload/traceparent.js';
import { readWebhook } from '../job/webhook.js';
import {
  readEnqueuedAt,
  readName,
  readPriorAttempts,
  readTracked,
  readUrl,
  readWhole,
  type TimeOptions,
} from '../job/payload/readers.js';

/** A request to watch one camera and inspect its road. */
export interface InspectionJob extends Job {
  /** The camera's HLS playlist: http or https, not yet checked against the URL policy. May carry secrets. */
  hls: string;
  /** How much video to watch, s. */
  seconds: number;
}

/** What {@link parseInspectionJob} needs besides the payload. */
export interface InspectionJobOptions extends TimeOptions {
  /** Most that `sec` may be, s. */
  maxSeconds: number;
}

const DEFAULT_SECONDS = 20;

/**
 * Reads a preprocess job, whatever Spring producer wrote it. The entry's id is the default for its name and time.
 * @throws InvalidJobError MISSING_FIELD, BAD_FIELD, URL_NOT_ALLOWED, and those of `readFields`
 */
export function parseInspectionJob(payload: RawPayload, options: InspectionJobOptions): InspectionJob {
  const fields = readFields(payload);
  const seconds = readWhole(fields, 'sec', { fallback: DEFAULT_SECONDS, min: 1, max: options.maxSeconds });
  return {
    jobId: readName('jobId', fields.get('jobId') ?? options.entryId),
    cctvId: readName('cctvId', fields.require('cctvId')),
    hls: readUrl('hls', fields.require('hls'), 'https://example.com/stream.m3u8'),
    seconds,
    needsMs: inspectionNeedsMs(seconds),
    expectedMs: { capture: seconds * 1_000 },
    isTracked: readTracked(fields),
    webhook: readWebhook(fields),
    traceparent: readTraceparent(fields),
    priorAttempts: readPriorAttempts(fields),
    enqueuedAt: readEnqueuedAt(fields, options),
  };
}
