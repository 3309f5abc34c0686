import { backoffMs, type BackoffPolicy } from '../lib/backoff.js';
import type { ErrorDescription, RateLimitedError } from './errors.js';
import { describeError, DoubtfulStepError, JobError } from './errors.js';

/**
 * What happens to a delivery after its run. `spent` attempts count towards the limit; a release and a snooze give the
 * attempt back.
 */
export type Outcome =
  | { kind: 'complete' }
  | { kind: 'cancel'; error: ErrorDescription }
  | { kind: 'retry'; delayMs: number; error: ErrorDescription }
  | { kind: 'snooze'; delayMs: number; waitsFor?: string | undefined; error: ErrorDescription }
  | { kind: 'discard'; error: ErrorDescription }
  | { kind: 'release' }
  | { kind: 'abandon' };

/** How often and how patiently a failed job is tried again. */
export interface RetryPolicy extends BackoffPolicy {
  /** Retries after the first attempt. */
  maxRetry: number;
  /** How old a job may be whose camera's server asks for patience, before that counts as a failure; for ever if left out. ms */
  patienceMs?: number;
}

/** What looks final is tried so often again: an origin that restarts is back by then. */
const MOST_DOUBTS = 2;
/** And not sooner than after so many times `baseMs`, twice as many for the second time. */
const DOUBT_FACTOR = 2;

/** What is known of a run that threw. */
export interface FailedRun {
  readonly attempt: number;
  /** Since the job was queued, ms. */
  readonly ageMs: number;
}

/** Nothing is claimed in an outage, so this only spreads the jobs of many workers over the moment when it ends. ms */
const OUTAGE_WAIT_MS = 2_000;

function outagePolicy({ capMs }: BackoffPolicy): BackoffPolicy {
  return { baseMs: OUTAGE_WAIT_MS, capMs };
}

/** The outcome of a run that threw. Pure but for the jitter, which `random` supplies. */
export function outcomeOf(error: unknown, run: FailedRun, policy: RetryPolicy, random: () => number): Outcome {
  const description = describeError(error);
  switch (error instanceof JobError ? error.kind : 'transient') {
    case 'invalid':
    case 'permanent':
      return { kind: 'discard', error: description };
    case 'transient':
      return retryOf(error, run, policy, random);
    case 'rate_limited':
      return snoozeOf(error as RateLimitedError, run, policy);
    case 'outage':
      return { kind: 'snooze', delayMs: backoffMs(1, outagePolicy(policy), random), error: description };
    case 'lease_lost':
      return { kind: 'abandon' };
    case 'cancelled':
      return { kind: 'cancel', error: description };
    case 'stopping':
      return { kind: 'release' };
  }
}

function retryOf(error: unknown, { attempt }: FailedRun, policy: RetryPolicy, random: () => number): Outcome {
  const isDoubtful = error instanceof DoubtfulStepError;
  const description = describeError(error);
  const most = isDoubtful ? Math.min(MOST_DOUBTS, policy.maxRetry) : policy.maxRetry;
  if (attempt > most) return { kind: 'discard', error: description };
  const leastMs = isDoubtful ? Math.min(policy.capMs, DOUBT_FACTOR * policy.baseMs * 2 ** (attempt - 1)) : 0;
  return { kind: 'retry', delayMs: Math.max(leastMs, backoffMs(attempt, policy, random)), error: description };
}

function snoozeOf(error: RateLimitedError, { attempt, ageMs }: FailedRun, policy: RetryPolicy): Outcome {
  const description = describeError(error);
  const { retryAfterMs: delayMs, waitsFor } = error;
  if (!error.isBounded || ageMs <= (policy.patienceMs ?? Infinity))
    return { kind: 'snooze', delayMs, waitsFor, error: description };
  if (attempt > policy.maxRetry) return { kind: 'discard', error: description };
  return { kind: 'retry', delayMs, error: description };
}
