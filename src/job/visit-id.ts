import { createHash } from 'node:crypto';

/** Digits of the latest time that a job can name, in the year 9999. */
const DIGITS = 15;

/** Hexadecimal digits of a job's hash: enough to tell apart the jobs that one camera has in one millisecond. */
const HASH = 16;

const VISIT_ID = new RegExp(`^\\d{${DIGITS}}-[0-9a-f]{${HASH}}$`);

/**
 * When and for which job a camera was visited, in words that sort by time. The same however often the job is delivered, and
 * of one length, however long the job's name is.
 * @param job `enqueuedAt` in ms since the epoch
 */
export function visitId(job: { readonly jobId: string; readonly enqueuedAt: number }): string {
  const hash = createHash('sha256').update(job.jobId).digest('hex').slice(0, HASH);
  return `${String(job.enqueuedAt).padStart(DIGITS, '0')}-${hash}`;
}

/** Whether a text may be what {@link visitId} gives. */
export function isVisitId(text: string): boolean {
  return VISIT_ID.test(text);
}
