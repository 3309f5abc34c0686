/** Every event that is told, by name. `resync` and the first event of a job's own stream are no entries of a stream: {@link RESYNC}. */
export const EVENT_TYPES = [
  'job.queued',
  'job.started',
  'job.progress',
  'job.waiting',
  'job.completed',
  'job.failed',
  'job.cancelled',
  'camera.updated',
  'finding.updated',
  'worker.changed',
  'queue.changed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Says that events may have been missed: what is known from them has to be read anew. */
export const RESYNC = 'resync';

/** What happened, as its writer tells it. No payload, no result, no secret: who wants more asks for it. */
export interface NewEvent {
  readonly type: EventType;
  /** Empty or left out where it is about no job. */
  readonly jobId?: string;
  readonly cctvId?: string;
  readonly data: object;
}

/** One event, as readers see it. */
export interface RoadEvent {
  /** Id of its entry. */
  readonly id: string;
  /** The kind of job in whose stream it is. */
  readonly kind: string;
  /** One of {@link EVENT_TYPES}, or what a later version tells. */
  readonly type: string;
  /** Empty where it is about no job. */
  readonly jobId: string;
  readonly cctvId: string;
  /** A JSON object, as it was written. */
  readonly data: string;
}

/** The data of an event; of one that holds no JSON object, an empty one. */
export function dataOf({ data }: Pick<RoadEvent, 'data'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
