import {
  DoubtfulStepError,
  PermanentStepError,
  TransientStepError,
  type ErrorContext,
  type JobError,
} from '../../job/errors.js';

/** Between a server that asks for patience without saying how long, and the next try, s. */
const DEFAULT_PATIENCE_SECONDS = 30;
const LONGEST_PATIENCE_SECONDS = 300;

/** A way to fail: whether trying again may help, and a sentence for the operator on what to do. */
export type Failure = readonly [kind: keyof typeof ERRORS, advice: string];

const ERRORS = { permanent: PermanentStepError, doubtful: DoubtfulStepError, transient: TransientStepError };

/**
 * The error for a failure.
 * @param detail what was seen, without secrets; it follows the sentence
 */
export function failureError(code: string, [kind, advice]: Failure, detail: string, context: ErrorContext): JobError {
  const message = detail === '' ? advice : `${advice} (${detail})`;
  return new ERRORS[kind](code, message, context);
}

/** How long a server that asks for patience (429) gets, s; null when it did not say. */
export function patienceSeconds(retryAfterSeconds: number | null): number {
  return Math.min(LONGEST_PATIENCE_SECONDS, Math.max(1, retryAfterSeconds ?? DEFAULT_PATIENCE_SECONDS));
}
