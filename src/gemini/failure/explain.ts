import { RateLimitedError, type JobError } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import type { GeminiKey } from '../gemini-api.js';
import { BadKeyError, GEMINI_STEP, QuotaError, refused, troubled } from '../gemini-errors.js';
import { isWithoutQuota, quotasOf, reasonOfGoogle, retryDelayOf, type GoogleFailure } from './google-failure.js';
import { untilMidnightPacific } from './midnight.js';

/** Until the next try when Google does not say how long: half of the minute that its quotas count. ms */
export const GUESSED_DELAY_MS = 30_000;

const LEAST_DELAY_MS = 1_000;

/** Google's words in a message of ours. */
const WORDS_CHARACTERS = 200;

/** Reasons that concern the key or its project, not the question. */
const REASONS_OF_KEYS = /^(API_KEY_|CONSUMER_|SERVICE_DISABLED$|BILLING_DISABLED$|ACCOUNT_)/;

/** The same in words, where Google gives no reason. */
const WORDS_OF_KEYS = /\bbilling\b|location is not supported/i;

/** The call that failed. */
export interface FailedCall {
  readonly key: GeminiKey;
  /** Of a question; undefined for a call about a file. */
  readonly model?: string;
  /** ms since the epoch */
  readonly now: number;
}

/** The error of ours for a call that Google answered with an error. */
export function explainFailure(failure: GoogleFailure, call: FailedCall): JobError {
  const { status } = failure;
  if (status === 429) return quotaError(failure, call);
  if (status >= 500 || status === 408) return unavailable(failure, call);
  if (isOfFile(failure, call)) {
    const message = `The uploaded file is gone, or belongs to another project than that of key ${call.key.id}.`;
    return troubled('GEMINI_FILE_GONE', `${message} The video is uploaded again.`);
  }
  if (isOfKey(failure)) return badKey(failure, call);
  if (status === 404 && call.model !== undefined) return modelMissing(call.model);
  return refused('GEMINI_BAD_REQUEST', `Gemini cannot take the request (${status}). ${wordsOf(failure, call.key)}`);
}

/** Whether a key can be sent at all: what cannot be in a header would be quoted in the error of who refuses it. */
export function checkKey({ id, key }: GeminiKey): void {
  if (/^[\x21-\x7e]+$/.test(key)) return;
  const message = `Gemini key ${id} has characters that no key has; correct it in GEMINI_API_KEY or GEMINI_API_KEYS.`;
  throw new BadKeyError(message, { step: GEMINI_STEP });
}

function quotaError(failure: GoogleFailure, { key, model, now }: FailedCall): QuotaError {
  const context = { step: GEMINI_STEP };
  if (isWithoutQuota(failure)) {
    const message = `Google gives project ${key.project} no requests for ${model ?? 'this'} at all (limit 0), and waiting does not help:`;
    const todo = 'use another model, or enable billing. It is tried again after midnight in Los Angeles.';
    return new QuotaError('GEMINI_NO_QUOTA', `${message} ${todo}`, untilMidnightPacific(now), context);
  }
  // First, since Google adds a delay of some seconds to these, too.
  if (quotasOf(failure).some((quota) => quota.includes('PerDay'))) {
    const message = `Project ${key.project} has used up its Gemini requests of today; it waits until midnight in Los Angeles.`;
    return new QuotaError('GEMINI_DAY_QUOTA', message, untilMidnightPacific(now), context);
  }
  const delay = Math.max(LEAST_DELAY_MS, retryDelayOf(failure) ?? GUESSED_DELAY_MS);
  const message =
    `Gemini rate-limits project ${key.project} (HTTP 429); pausing it for ${inWords(delay)}. ${wordsOf(failure, key)}`.trim();
  return new QuotaError('GEMINI_RATE_LIMITED', message, delay, context);
}

/** Google has more to do than it can: the job comes again, at no cost of an attempt. */
export function overloaded({ key }: FailedCall, failure?: GoogleFailure): JobError {
  const words = failure === undefined ? '' : wordsOf(failure, key);
  const message = `The model is overloaded (503); it is asked again in ${inWords(GUESSED_DELAY_MS)}. ${words}`;
  return new RateLimitedError('GEMINI_OVERLOADED', message.trim(), GUESSED_DELAY_MS, { step: GEMINI_STEP });
}

function unavailable(failure: GoogleFailure, call: FailedCall): JobError {
  const { key } = call;
  if (failure.status === 503 && call.model !== undefined) return overloaded(call, failure);
  const message = `Gemini fails or is overloaded (${failure.status}); it is asked again. ${wordsOf(failure, key)}`;
  return troubled('GEMINI_UNAVAILABLE', message.trim());
}

/** Google says the same of files that are gone and of those that another project owns: 403, and no reason. */
function isOfFile(failure: GoogleFailure, { model }: FailedCall): boolean {
  const { status, message } = failure;
  if (status === 404) return model === undefined;
  return status === 403 && reasonOfGoogle(failure) === undefined && /\bfile\b/i.test(message);
}

function isOfKey(failure: GoogleFailure): boolean {
  const { status, message } = failure;
  if (status === 401 || status === 403) return true;
  return status === 400 && (REASONS_OF_KEYS.test(reasonOfGoogle(failure) ?? '') || WORDS_OF_KEYS.test(message));
}

function badKey(failure: GoogleFailure, { key }: FailedCall): BadKeyError {
  const said = [failure.status, reasonOfGoogle(failure) ?? [], wordsOf(failure, key)].flat().join(' ').trim();
  const message = `Gemini refuses key ${key.id} (${said}); ${remedyFor(failure)}.`;
  return new BadKeyError(message, { step: GEMINI_STEP, said });
}

function remedyFor({ message }: GoogleFailure): string {
  if (!/location is not supported/i.test(message)) return 'correct or remove it in GEMINI_API_KEY or GEMINI_API_KEYS';
  return 'Google serves nobody where this worker is: run it elsewhere, or lead GEMINI_BASE_URL through a place that is served';
}

function modelMissing(model: string): JobError {
  const settings = 'GEMINI_MODEL_IMAGE or GEMINI_MODEL_VIDEO';
  return refused('GEMINI_MODEL_MISSING', `Gemini has no model ${model} (404); set ${settings} to one it has.`);
}

/** A time as people say it. */
function inWords(ms: number): string {
  const [HOUR, MINUTE] = [3_600_000, 60_000];
  if (ms >= 2 * HOUR) return `${Math.ceil(ms / HOUR)} hours`;
  return ms >= 5 * MINUTE ? `${Math.ceil(ms / MINUTE)} minutes` : `${Math.ceil(ms / 1_000)} s`;
}

/** The beginning of what Google says, without the key and without queries of URLs. */
function wordsOf({ message }: GoogleFailure, { key }: GeminiKey): string {
  return redactText(message.replaceAll(key, '<key>')).replaceAll(/\s+/g, ' ').trim().slice(0, WORDS_CHARACTERS);
}
