import { backoffMs, type BackoffPolicy } from './backoff.js';
import type { RateLimitedError, ErrorDescription } from './errors.js';
import { describeError, JobError } from './errors.js';

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
}

/** Nothing is claimed in an outage, so this only spreads the jobs of many workers over the moment when it ends. ms */
const OUTAGE_WAIT_MS = 2_000;

function outagePolicy({ capMs }: BackoffPolicy): BackoffPolicy {
  return { baseMs: OUTAGE_WAIT_MS, capMs };
}

/** The outcome of a run that threw. Pure but for the jitter, which `random` supplies. */
export function outcomeOf(error: unknown, attempt: number, policy: RetryPolicy, random: () => number): Outcome {
  const description = describeError(error);
  switch (error instanceof JobError ? error.kind : 'transient') {
    case 'invalid':
    case 'permanent':
      return { kind: 'discard', error: description };
    case 'transient':
      if (attempt > policy.maxRetry) return { kind: 'discard', error: description };
      return { kind: 'retry', delayMs: backoffMs(attempt, policy, random), error: description };
    case 'rate_limited': {
      const { retryAfterMs: delayMs, waitsFor } = error as RateLimitedError;
      return { kind: 'snooze', delayMs, waitsFor, error: description };
    }
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
