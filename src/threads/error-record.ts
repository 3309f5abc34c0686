import {
  CancelledError,
  DoubtfulStepError,
  InvalidJobError,
  JobError,
  LeaseLostError,
  messageOf,
  OutageError,
  PermanentStepError,
  RateLimitedError,
  StoppingError,
  TransientStepError,
  type ErrorKind,
} from '../job/errors.js';

/** An error as it crosses from one thread to another: structured cloning would lose its class and its code. */
export interface ErrorRecord {
  kind: ErrorKind | 'unexpected';
  /** The code of a `JobError`, else the name of the error's class. */
  code: string;
  message: string;
  step: string | undefined;
  stack: string | undefined;
  /** ms; of a `RateLimitedError` only. */
  retryAfterMs: number;
  /** A `DoubtfulStepError`, or a `RateLimitedError` whose patience is bounded. */
  isSpecial: boolean;
}

/** Writes down any thrown value. */
export function recordError(error: unknown): ErrorRecord {
  const known = error instanceof JobError;
  return {
    kind: known ? error.kind : 'unexpected',
    code: known ? error.code : error instanceof Error ? error.name : 'Error',
    message: messageOf(error),
    step: known ? error.step : undefined,
    stack: error instanceof Error ? error.stack : undefined,
    retryAfterMs: error instanceof RateLimitedError ? error.retryAfterMs : 0,
    isSpecial: error instanceof DoubtfulStepError || (error instanceof RateLimitedError && error.isBounded),
  };
}

/** The error a record was made of: the same class, code, message, step and stack. */
export function restoreError(record: ErrorRecord): Error {
  const error = rebuild(record);
  if (record.stack !== undefined) error.stack = record.stack;
  return error;
}

function rebuild({ kind, code, message, step, retryAfterMs, isSpecial }: ErrorRecord): Error {
  const context = step === undefined ? {} : { step };
  switch (kind) {
    case 'invalid':
      return new InvalidJobError(code, message, context);
    case 'permanent':
      return new PermanentStepError(code, message, context);
    case 'transient':
      return isSpecial ? new DoubtfulStepError(code, message, context) : new TransientStepError(code, message, context);
    case 'rate_limited':
      return new RateLimitedError(code, message, retryAfterMs, { ...context, isBounded: isSpecial });
    case 'outage':
      return new OutageError(code, message, context);
    case 'lease_lost':
      return new LeaseLostError();
    case 'cancelled':
      return new CancelledError();
    case 'stopping':
      return new StoppingError();
    case 'unexpected':
      return Object.assign(new Error(message), { name: code });
  }
}
