import type { JobResult } from '../../job/handler.js';
import type { Outcome } from '../../job/outcome.js';
import { WEBHOOK_FIELD } from '../../job/webhook.js';
import { redactText } from '../../lib/redact.js';
import type { JobRun } from '../loop/job-run.js';

/** What became of a job, as results say it in the field `outcome`. */
export type End = 'completed' | 'failed' | 'cancelled';

/** How a run ended for good; undefined when the job goes on later, or elsewhere. */
export function jobEnd({ kind }: Outcome): End | undefined {
  if (kind === 'complete') return 'completed';
  if (kind === 'discard') return 'failed';
  return kind === 'cancel' ? 'cancelled' : undefined;
}

/**
 * The result that tells of a run's end: what the job published, or why there is nothing. Undefined for a job that ended
 * well and has nothing to say.
 * @param now ms since the epoch
 */
export function resultOfEnd(run: JobRun, outcome: Outcome, now: number): JobResult | undefined {
  const end = jobEnd(outcome);
  if (end === 'completed') return run.result && { ...run.result, outcome: end, ...fieldsForUs(run) };
  if (end === undefined || !('error' in outcome)) return undefined;
  const { job, delivery, attempt, worker, startedAt } = run;
  const { code, message, step } = outcome.error;
  return {
    jobId: job?.jobId ?? delivery.sourceId,
    cctvId: job?.cctvId ?? '',
    outcome: end,
    code,
    message: redactText(message),
    step: step ?? '',
    attempt: String(attempt),
    worker,
    startedAt: isoTime(startedAt),
    finishedAt: isoTime(now),
    ...(job === undefined ? {} : { enqueuedAt: isoTime(job.enqueuedAt) }),
    ...fieldsForUs(run),
  };
}

/**
 * What readers of ours need to know: that its end was told with its settlement, and need not be told again; who is to be
 * called. Clients are told neither.
 */
function fieldsForUs({ isTracked, job }: JobRun): JobResult {
  const webhook = job?.webhook;
  return { ...(isTracked ? { tracked: '1' } : {}), ...(webhook === undefined ? {} : { [WEBHOOK_FIELD]: webhook }) };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
