import type { ErrorDescription } from '../../job/errors.js';
import type { Outcome } from '../../job/outcome.js';
import { redactText } from '../../lib/redact.js';
import type { JobEventType, JobNote } from '../../queue/status/job-note.js';
import { fieldOfRun } from '../../queue/status/past-run.js';
import type { JobRun } from '../loop/job-run.js';
import { jobEnd } from './ends.js';

/** What clients are told of a job, in all notes. */
interface Told {
  readonly state: string;
  readonly progress: number;
  readonly step: string;
  readonly message: string;
}

/** A run began. */
export function startedNote(run: JobRun, facts: KindFacts): JobNote {
  const fields = startFields(run, facts);
  return note(run, facts.kind, 'job.started', { ...toldOf(run), ...CLEARED, attempt: run.attempt, fields });
}

/** What the status of a job holds from the start of a run on. */
export function startFields(run: JobRun, { kind, steps, maxAttempts }: KindFacts): Record<string, string> {
  const { job, delivery, worker, startedAt } = run;
  const where = { entry: delivery.entryId, stream: delivery.lane };
  const facts = { kind, cctvId: job?.cctvId ?? '', queuedAt: String(job?.enqueuedAt ?? ''), steps: steps.join(',') };
  const hook = job?.webhook === undefined ? {} : { webhook: job.webhook };
  return { ...where, ...facts, ...hook, worker, startedAt: String(startedAt), maxAttempts: String(maxAttempts) };
}

/** How the kind of a job is run. */
export interface KindFacts {
  readonly kind: string;
  readonly steps: readonly string[];
  /** Attempts a job has, the first included. */
  readonly maxAttempts: number;
}

/** A run came further. */
export function progressNote(run: JobRun, kind: string): JobNote {
  return note(run, kind, 'job.progress', { ...toldOf(run), attempt: run.attempt, fields: {} });
}

/**
 * A run is over.
 * @param now ms since the epoch
 */
export function settledNote(run: JobRun, kind: string, outcome: Outcome, now: number): JobNote {
  const end = jobEnd(outcome);
  const isSpent = outcome.kind === 'retry' || end !== undefined;
  const attempt = isSpent ? run.attempt : run.attempt - 1;
  if (end === undefined) return waitingNote(run, kind, outcome, { attempt, now });
  const told = { ...toldOf(run), state: end, step: '', ...(end === 'completed' ? { progress: 1, message: '' } : {}) };
  const failure = end === 'failed' && 'error' in outcome ? failureOf(outcome.error) : undefined;
  const found = end === 'completed' && run.result !== undefined ? { result: JSON.stringify(run.result) } : {};
  const failed = failure === undefined ? {} : { failure: JSON.stringify(failure) };
  const fields = { finishedAt: String(now), ...found, ...failed, ...pastRun(run, outcome, now) };
  return note(run, kind, `job.${end}`, { ...told, attempt, waiting: undefined, failure, fields });
}

const CLEARED = { waiting: undefined, failure: undefined };

function waitingNote(
  run: JobRun,
  kind: string,
  outcome: Outcome,
  { attempt, now }: { attempt: number; now: number },
): JobNote {
  const delayMs = 'delayMs' in outcome ? outcome.delayMs : 0;
  const why = 'error' in outcome ? failureOf(outcome.error) : { code: 'STOPPING', message: 'Its worker stopped.' };
  const waiting = {
    code: why.code,
    message: why.message,
    until: new Date(now + delayMs).toISOString(),
    attemptSpent: outcome.kind === 'retry',
  };
  const told = { state: 'waiting', progress: 0, step: '', message: '' };
  return note(run, kind, 'job.waiting', {
    ...told,
    attempt,
    waiting,
    fields: { worker: '', ...pastRun(run, outcome, now) },
  });
}

/** What the status keeps of a run; nothing of one whose entry is another worker's. */
function pastRun(run: JobRun, outcome: Outcome, now: number): Record<string, string> {
  if (outcome.kind === 'abandon') return {};
  const failure = 'error' in outcome ? failureOf(outcome.error) : undefined;
  return fieldOfRun({
    attempt: run.attempt,
    worker: run.worker,
    startedAt: new Date(run.startedAt).toISOString(),
    endedAt: new Date(Math.max(now, run.startedAt)).toISOString(),
    outcome: jobEnd(outcome) ?? (outcome.kind as 'retry' | 'snooze' | 'release'),
    code: failure?.code ?? null,
    message: failure?.message ?? null,
    step: failure === undefined || failure.step === '' ? null : failure.step,
    steps: [...run.timings],
  });
}

function failureOf({ code, message, step }: ErrorDescription): { code: string; message: string; step: string } {
  return { code, message: redactText(message), step: step ?? '' };
}

function toldOf(run: JobRun): Told {
  return {
    state: 'running',
    progress: Math.round(run.progress * 1_000) / 1_000,
    step: run.currentStep ?? '',
    message: run.message,
  };
}

type Content = Told & {
  readonly attempt: number;
  readonly waiting?: object | undefined;
  readonly failure?: object | undefined;
  readonly fields: Readonly<Record<string, string>>;
};

function note(
  { job, delivery }: JobRun,
  kind: string,
  type: JobEventType,
  { fields, waiting, failure, ...told }: Content,
): JobNote {
  const jobId = job?.jobId ?? delivery.sourceId;
  const cctvId = job?.cctvId ?? '';
  const texts = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, String(value)]));
  const waitingField = waiting === undefined ? '' : JSON.stringify(waiting);
  return {
    jobId,
    cctvId,
    type,
    fields: { ...texts, waiting: waitingField, failure: '', ...fields },
    data: { jobId, kind, cctvId, ...told, waiting, failure },
  };
}
