/** What the executor makes of an error: one kind, one outcome (see `outcome.ts`). */
export type ErrorKind =
  'invalid' | 'permanent' | 'transient' | 'rate_limited' | 'outage' | 'lease_lost' | 'cancelled' | 'stopping';

/** Where and why an error came about. */
export interface ErrorContext {
  /** The step of the job that failed, for example `capture`. */
  step?: string | undefined;
  /** The field of the payload that is wrong. */
  field?: string | undefined;
  cause?: unknown;
}

/**
 * An error that the service raised on purpose. `code` is stable and made for machines; `message` is a sentence for a
 * person that says what to do and never holds a secret or a URL's query.
 */
export abstract class JobError extends Error {
  abstract readonly kind: ErrorKind;
  readonly code: string;
  step: string | undefined;
  readonly field: string | undefined;

  constructor(code: string, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.code = code;
    this.step = context.step;
    this.field = context.field;
  }
}

/** The payload cannot be read or is not allowed. Discarded at once. */
export class InvalidJobError extends JobError {
  readonly kind = 'invalid';
}

/** Trying again cannot help: the camera is gone, the URL is not allowed. Discarded at once. */
export class PermanentStepError extends JobError {
  readonly kind = 'permanent';
}

/** Trying again may help: a time-out, a reset, too few frames. Retried, then discarded. */
export class TransientStepError extends JobError {
  readonly kind = 'transient';
}

/**
 * It looks final, and is so as a rule, but an origin that restarts answers the same for some seconds: 404, an empty playlist. Tried
 * again a few times, not at once, then discarded.
 */
export class DoubtfulStepError extends TransientStepError {}

/** Somebody asked us to come back later. Snoozed for `retryAfterMs`; no attempt is spent. */
export class RateLimitedError extends JobError {
  readonly kind = 'rate_limited';
  /** The camera that the job waits for: it comes due sooner when that is back. */
  readonly waitsFor: string | undefined;
  /** Whoever asks may do so for ever: once the job is old each time counts as a failure, and in the end it is discarded. */
  readonly isBounded: boolean;

  constructor(
    code: string,
    message: string,
    readonly retryAfterMs: number,
    { waitsFor, isBounded = false, ...context }: ErrorContext & { waitsFor?: string; isBounded?: boolean } = {},
  ) {
    super(code, message, context);
    this.waitsFor = waitsFor;
    this.isBounded = isBounded;
  }
}

/**
 * Something of our own that every job needs does not work: storage is away, refuses us, or is full. No job is to blame: it
 * goes back at no cost of an attempt and waits, and nothing new is claimed meanwhile.
 */
export class OutageError extends JobError {
  readonly kind = 'outage';
}

/** Another worker owns the entry now. The job is abandoned: nothing more is written. */
export class LeaseLostError extends JobError {
  readonly kind = 'lease_lost';

  constructor() {
    super('LEASE_LOST', 'Another worker took the job over; this one stopped and wrote nothing more.');
  }
}

/** A client cancelled the job. Acknowledged and recorded as cancelled. */
export class CancelledError extends JobError {
  readonly kind = 'cancelled';

  constructor() {
    super('CANCELLED', 'The job was cancelled.');
  }
}

/** The worker is stopping. The job is released to another worker; no attempt is spent. */
export class StoppingError extends JobError {
  readonly kind = 'stopping';

  constructor() {
    super('STOPPING', 'The worker is stopping; another one takes the job up.');
  }
}

/** An error as the dead-letter stream, logs and metrics show it. */
export interface ErrorDescription {
  code: string;
  message: string;
  step: string | undefined;
  /** True for an error nobody planned for: a bug. */
  unexpected: boolean;
}

/** Describes any thrown value. What is not a {@link JobError} is `UNEXPECTED`. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof JobError) {
    return { code: error.code, message: error.message, step: error.step, unexpected: false };
  }
  return { code: 'UNEXPECTED', message: messageOf(error), step: stepOf(error), unexpected: true };
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const STEP = Symbol('step');

/** Notes on an error at which step it came up, unless it knows. Gives the error back. */
export function noteStep(error: unknown, step: string): unknown {
  if (error instanceof JobError) error.step ??= step;
  else if (error instanceof Error) Object.assign(error, { [STEP]: step });
  return error;
}

function stepOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as Error & { [STEP]?: string })[STEP] : undefined;
}
