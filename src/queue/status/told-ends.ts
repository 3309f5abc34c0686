import type { JobResult } from '../../job/handler.js';

/** Of a sentence in an event. */
const LONGEST_MESSAGE = 500;

/** What is told of a job by its result: empty where its end was told with its settlement. */
export function endData(kind: string, result: JobResult): string {
  const { jobId = '', cctvId = '', outcome = 'completed', attempt, code, message = '', step = '', tracked } = result;
  if (tracked !== undefined) return '';
  const failure = code === undefined ? undefined : { code, message: message.slice(0, LONGEST_MESSAGE), step };
  const attempts = attempt === undefined ? {} : { attempt: Number(attempt) };
  return JSON.stringify({ jobId, kind, cctvId, state: outcome, ...attempts, failure });
}

/** What is told of the camera. */
export function cameraData(kind: string, { jobId = '', cctvId = '' }: JobResult): string {
  return JSON.stringify({ cctvId, kind, jobId });
}

/** The name of the event that tells of a job's end; empty where there is nothing to tell. */
export function endType({ outcome = 'completed', tracked }: JobResult): string {
  return tracked === undefined && /^(?:completed|failed|cancelled)$/.test(outcome) ? `job.${outcome}` : '';
}
