import { readFields, type Fields } from '../../job/payload.js';
import { readTracked } from '../../job/payload/readers.js';
import type { JobNote } from '../status/job-note.js';

/** What clients are told of a job that a person put back; undefined when nobody asked for its status. */
export function requeuedNote(payload: Readonly<Record<string, string>>): JobNote | undefined {
  const fields = fieldsOf(payload);
  const jobId = fields?.get('jobId');
  if (fields === undefined || jobId === undefined || !readTracked(fields)) return undefined;
  const cctvId = fields.get('cctvId') ?? '';
  const told = { state: 'queued', progress: '0', step: '', message: '', attempt: '0', failure: '', letter: '' };
  return {
    jobId,
    cctvId,
    type: 'job.queued',
    fields: { ...told, finishedAt: '' },
    data: { jobId, cctvId, state: 'queued', progress: 0, attempt: 0 },
  };
}

/** A payload that a worker cannot read says nothing. */
function fieldsOf(payload: Readonly<Record<string, string>>): Fields | undefined {
  try {
    const flat = Object.entries(payload).flat();
    return readFields(flat.map((text) => Buffer.from(text)));
  } catch {
    return undefined;
  }
}
