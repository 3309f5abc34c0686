import type { RawPayload } from './payload.js';

/** What the engine needs to know of any job, whatever its kind. */
export interface Job {
  /** The job's name: `jobId` of the payload, else the id of its stream entry. */
  jobId: string;
  /** What the job is about, for logs and status: the camera. */
  cctvId: string;
  /** When it was queued, ms since the epoch. */
  enqueuedAt: number;
  /** A run may take so long by the job's own nature, ms: a shorter time-out of the worker does not end it. */
  needsMs?: number;
  /** When it was put back from the dead letters, ms since the epoch: patience with it begins anew. The engine notes it. */
  againSince?: number;
  /** Failures before this entry was written, as the producer counts them. */
  priorAttempts: number;
  /** Whether a client asked for its status: field `track`. */
  isTracked?: boolean;
  /** Who gets it, for a kind of job that needs receivers: while one is down its jobs wait. */
  receiver?: string;
  /** The URL that is called when the job has ended: field `webhook`. May carry secrets. */
  webhook?: string | undefined;
  /** In which trace it was asked for, unchecked: field `traceparent`. */
  traceparent?: string | undefined;
  /** How long steps take by the job's own nature, by step, ms: for its progress. */
  expectedMs?: Readonly<Record<string, number>>;
}

/** For how long a job has been tried, ms. @param now ms since the epoch */
export function triedForMs(
  { enqueuedAt, againSince = 0 }: Pick<Job, 'enqueuedAt' | 'againSince'>,
  now: number,
): number {
  return now - Math.max(enqueuedAt, againSince);
}

/** One run of a job: what a handler gets besides the job itself. */
export interface Run {
  /** From 1: deliveries of the entry plus the producer's own count. */
  readonly attempt: number;
  /** The consumer name of the worker that runs it. */
  readonly worker: string;
  /** When this run began, ms since the epoch. */
  readonly startedAt: number;
  /** Aborts with a `JobError` as reason: time-out, lease lost, cancelled, stopping. */
  readonly signal: AbortSignal;
  /** Runs one step of the job: names it in status, logs, metrics and in errors that come out of it. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Adds facts to the log line that says how the job ended. No secrets, no URLs; a later fact of a name replaces it. */
  note(facts: Facts): void;
  /**
   * Says how much of the step at work is done, for whoever watches the job. Costs nothing; may be called often.
   * @param fraction 0..1; undefined: its time tells, against what the step took lately
   * @param message a short sentence for people, without secrets
   */
  report(fraction: number | undefined, message?: string): void;
  /** The steps finished so far with their time. */
  readonly timings: readonly StepTiming[];
  /**
   * Tells what the job found, once it is complete: the fields go to the queue's results stream in the same atomic step
   * that settles the job, so exactly once, and never when it is not. A later call replaces an earlier one.
   */
  publish(result: JobResult): void;
}

/** What a log line tells beside its sentence. */
export type Facts = Readonly<Record<string, string | number>>;

/** How long one step took. */
export interface StepTiming {
  step: string;
  /** ms */
  durationMs: number;
}

/**
 * What a finished job tells the world: the fields of an entry in its results stream. Holds no secrets. `jobId` and `cctvId` are
 * the handler's to give; `outcome` and what begins with `roadstream:` are added by the queue.
 */
export type JobResult = Readonly<Record<string, string>>;

/**
 * One kind of job. The engine knows jobs only through this port: a second kind is another stream with another handler.
 */
export abstract class JobHandler<J extends Job = Job> {
  /** The kind of job, for logs and metric labels. */
  abstract readonly kind: string;

  /** The names of its steps, in their order, for a job's progress; none: a job tells no progress. */
  readonly steps: readonly string[] = [];

  /**
   * Reads a payload, tolerantly. `entryId` names the stream entry and tells when it was written.
   * @throws InvalidJobError when it cannot be read or is not allowed
   */
  abstract parse(payload: RawPayload, entryId: string): J;

  /** Whether an error says that the camera, not this job, is at fault: enough of these and its jobs wait. */
  blamesCamera(_error: unknown): boolean {
    return false;
  }

  /**
   * Why no job of this kind could do its work now, as a sentence for the operator, such as "No Gemini budget until 12:00.":
   * while there is a reason no job is claimed, so that none is put off one by one. Asked often: must cost nothing.
   */
  heldBackBecause(): string | undefined {
    return undefined;
  }

  /** Does the work. Must be safe to repeat: a job is delivered at least once. */
  abstract handle(job: J, run: Run): Promise<void>;
}
