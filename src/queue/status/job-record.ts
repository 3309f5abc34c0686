import { WAITING_CONSUMER } from '../names.js';

/** Where the entry of a job is: not delivered yet, held by somebody, acknowledged, or nowhere. */
export type EntryPlace = 'new' | 'pending' | 'done' | 'none';

/** What a job is doing. */
export const JOB_STATES = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

const ENDED: readonly string[] = ['completed', 'failed', 'cancelled'];

/** Whether nothing more happens to a job by itself. */
export function isEnded(state: string): boolean {
  return ENDED.includes(state);
}

/** What is known of a job: its status as it was written, and where the queue has it. */
export interface JobRecord {
  readonly jobId: string;
  /** The fields of its status. */
  readonly status: Readonly<Record<string, string>>;
  readonly place: EntryPlace;
  /** Who holds the entry; empty when nobody does. */
  readonly consumer: string;
  readonly deliveries: number;
}

/**
 * What a job is doing. The queue is what counts: a status that contradicts it, since it could not be written at the time,
 * is corrected. Undefined: the entry is done or gone, and the status does not say how the job ended.
 */
export function stateOfRecord({ status, place, consumer }: JobRecord): JobState | undefined {
  const written = status['state'] ?? '';
  if (place === 'new') return 'queued';
  if (place === 'pending' && consumer !== WAITING_CONSUMER) return 'running';
  // One that was claimed and handed back before it began is still queued.
  if (place === 'pending') return written === 'queued' ? 'queued' : 'waiting';
  return isEnded(written) ? (written as JobState) : undefined;
}
