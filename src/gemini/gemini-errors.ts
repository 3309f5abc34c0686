import type { JobError } from '../job/errors.js';
import { PermanentStepError, RateLimitedError, TransientStepError } from '../job/errors.js';

/** The step's name in errors of this folder. */
export const GEMINI_STEP = 'gemini';

/**
 * What can be wrong with a call, by whom it concerns. The first three say something of the key or its project, not of the
 * question: another project may be asked at once.
 *
 * - `GEMINI_RATE_LIMITED`: too many requests for now. `retryAfterMs` is the server's word, else a guess
 * - `GEMINI_DAY_QUOTA`: none left today. `retryAfterMs` lasts until midnight in Los Angeles
 * - `GEMINI_NO_QUOTA`: none on any day. It is looked at again after midnight in Los Angeles
 * - `GEMINI_BAD_KEY`: the key is wrong or may not do this
 */
export type KeyTrouble = 'GEMINI_RATE_LIMITED' | 'GEMINI_DAY_QUOTA' | 'GEMINI_NO_QUOTA' | 'GEMINI_BAD_KEY';

/** The project has no budget left on Google's side. */
export class QuotaError extends RateLimitedError {
  constructor(
    code: Exclude<KeyTrouble, 'GEMINI_BAD_KEY'>,
    message: string,
    retryAfterMs: number,
    context: { step?: string; cause?: unknown } = {},
  ) {
    super(code, message, retryAfterMs, context);
  }
}

/** The key does not work; the others may. */
export class BadKeyError extends PermanentStepError {
  /** What Google said of it, without the key; empty when it was not asked. */
  readonly said: string;

  constructor(message: string, { said = '', ...context }: { step?: string; cause?: unknown; said?: string } = {}) {
    super('GEMINI_BAD_KEY', message, context);
    this.said = said;
  }
}

/** Trying again may help, with the same key or another: 5xx, a stalled or cut body, an answer that is no JSON. */
export function troubled(code: string, message: string, cause?: unknown): JobError {
  return new TransientStepError(code, message, { step: GEMINI_STEP, cause });
}

/** Trying again cannot help: refused for safety, a request that Google cannot take, a video it cannot read. */
export function refused(code: string, message: string, cause?: unknown): JobError {
  return new PermanentStepError(code, message, { step: GEMINI_STEP, cause });
}
