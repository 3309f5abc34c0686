import {
  InvalidJobError,
  JobError,
  PermanentStepError,
  RateLimitedError,
  TransientStepError,
  messageOf,
} from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import { NoAnswerError, type PostAnswer } from '../outbound/guarded-post.js';
import { OutboundRefusedError } from '../outbound/outbound-policy.js';

/** A receiver is not left alone for longer at one word of its own. ms */
const LONGEST_PATIENCE_MS = 86_400_000;
const GONE = 410;

/** The receiver wants no more calls: 410. */
export class ReceiverGoneError extends PermanentStepError {}

/**
 * What an answer means; undefined for a call that was taken: 2xx. Redirects are failures: where they lead nobody has checked,
 * and a receiver that moved has to say so to its operator.
 * @param now ms since the epoch
 */
export function failureOfAnswer({ status, retryAfter }: PostAnswer, now: number): JobError | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === GONE)
    return new ReceiverGoneError('WEBHOOK_GONE', 'The receiver answered 410: it wants no more calls.');
  if (status >= 300 && status < 400) return new TransientStepError('WEBHOOK_REDIRECTED', redirected(status));
  const waitMs = retryAfter === undefined ? undefined : askedPatienceMs(retryAfter, now);
  if (waitMs === undefined) return new TransientStepError('WEBHOOK_REFUSED', `The receiver answered ${status}.`);
  const sentence = `The receiver answered ${status} and wants to be called again in ${Math.ceil(waitMs / 1_000)} s.`;
  return new RateLimitedError('WEBHOOK_ASKED_TO_WAIT', sentence, waitMs);
}

/** What it means that no answer came. What the run itself was ended by stays as it is. */
export function failureOfCall(error: unknown): JobError {
  if (error instanceof JobError) return error;
  if (error instanceof NoAnswerError)
    return new TransientStepError('WEBHOOK_TIMEOUT', `The receiver gave ${error.message}.`);
  if (error instanceof OutboundRefusedError && error.reason !== 'has no address') {
    const sentence = `The receiver may not be called: ${error.message}. If it is one of yours, allow it by OUTBOUND_ALLOW, then redrive.`;
    return new InvalidJobError('URL_NOT_ALLOWED', sentence, { step: 'call', cause: error });
  }
  const reason = redactText(messageOf(error));
  return new TransientStepError('WEBHOOK_UNREACHABLE', `The receiver could not be called: ${reason}.`, {
    cause: error,
  });
}

/** Seconds or a date, as HTTP has it; undefined for what is neither. */
export function askedPatienceMs(text: string, now: number): number | undefined {
  const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(LONGEST_PATIENCE_MS, Math.max(1_000, ms)) : undefined;
}

function redirected(status: number): string {
  return `The receiver answered ${status}, a redirect, which is never followed: give its new URL.`;
}
