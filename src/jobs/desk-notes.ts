import { WEBHOOK_FIELD } from '../job/webhook.js';
import type { JobNote } from '../queue/status/job-note.js';
import type { JobRecord } from '../queue/status/job-record.js';

const SENTENCE = 'The job was cancelled before it ran.';

/** What clients are told of a job that is called off while nobody runs it. @param now ms since the epoch */
export function cancelledNote(record: JobRecord, kind: string, now: number): JobNote {
  const fields = { state: 'cancelled', finishedAt: String(now), step: '', message: '', waiting: '' };
  return note(record, kind, 'job.cancelled', 'cancelled', fields);
}

/** What the results stream is told of it. */
export function cancelledResult({ jobId, status }: JobRecord, now: number): Record<string, string> {
  return {
    jobId,
    cctvId: status['cctvId'] ?? '',
    outcome: 'cancelled',
    code: 'CANCELLED',
    message: SENTENCE,
    step: '',
    attempt: status['attempt'] ?? '0',
    worker: '',
    finishedAt: new Date(now).toISOString(),
    enqueuedAt: new Date(Number(status['queuedAt'] ?? now)).toISOString(),
    tracked: '1',
    ...(status['webhook'] === undefined ? {} : { [WEBHOOK_FIELD]: status['webhook'] }),
  };
}

/** What clients are told of a job that moved to the urgent stream. */
export function expeditedNote(record: JobRecord, kind: string): JobNote {
  return note(record, kind, 'job.queued', 'queued', { state: 'queued' });
}

function note(
  { jobId, status }: JobRecord,
  kind: string,
  type: JobNote['type'],
  state: string,
  fields: Readonly<Record<string, string>>,
): JobNote {
  const cctvId = status['cctvId'] ?? '';
  const attempt = Number(status['attempt'] ?? 0);
  return { jobId, cctvId, type, fields, data: { jobId, kind, cctvId, state, attempt, progress: 0 } };
}
