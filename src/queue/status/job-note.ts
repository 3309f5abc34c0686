import { derivedKey } from '../../redis/derived-key.js';

/** What can happen to a job, as clients are told. */
export type JobEventType =
  'job.queued' | 'job.started' | 'job.progress' | 'job.waiting' | 'job.completed' | 'job.failed' | 'job.cancelled';

/** What clients are told of a job whose status they asked for. No payload, no secret. */
export interface JobNote {
  readonly jobId: string;
  readonly cctvId: string;
  readonly type: JobEventType;
  /** What changes of its status, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the event tells. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** How long the status of a job is kept after its end, if nothing else is said. ms */
const KEEP_MS = 86_400_000;
/** A job that never ends, since nobody runs it, is forgotten after so long. ms */
const LIVE_MS = 7 * 86_400_000;
/** As long as any status may be kept. ms */
const INDEX_MS = 30 * 86_400_000;
/** Statuses beyond this number are dropped, those that changed longest ago first: some 10 MB in all. */
const MOST_STATUSES = 10_000;
/** Events of a kind that are kept, or a few more: some 2 MB. */
export const MOST_EVENTS = 10_000;

const ENDS: readonly JobEventType[] = ['job.completed', 'job.failed', 'job.cancelled'];

/** Whether a job is over with this event. */
export function isEnd(type: string): boolean {
  return ENDS.includes(type as JobEventType);
}

/** A hash: the status of one job. @param main the least urgent stream of its kind */
export function statusKey(main: string, jobId: string): string {
  return derivedKey(main, `job:${jobId}`);
}

/** A sorted set: the jobs with a status, by when it changed, ms. */
export function statusesKey(main: string): string {
  return derivedKey(main, 'jobs');
}

/** A stream: what happens to jobs and cameras, for clients that watch. */
export function eventsKey(main: string): string {
  return derivedKey(main, 'events');
}

/** The keys that a script that tells takes last. */
export function noteKeys(main: string, { jobId }: Pick<JobNote, 'jobId'>): string[] {
  return [statusKey(main, jobId), statusesKey(main), eventsKey(main)];
}

/**
 * The arguments that a script that tells takes last.
 * @param keepMs how long the status is kept after the end
 */
export function noteArguments({ jobId, cctvId, type, fields, data }: JobNote, keepMs = KEEP_MS): (string | number)[] {
  const lives = isEnd(type) ? keepMs : LIVE_MS;
  const told = [jobId, cctvId, type, JSON.stringify(data), lives, INDEX_MS, MOST_STATUSES, MOST_EVENTS];
  const all = [...told, ...Object.entries(fields).flat()];
  return [...all, all.length];
}
