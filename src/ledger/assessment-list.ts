import type { JobResult } from '../job/handler.js';
import { readFields, type Fields, type RawPayload } from '../job/payload.js';
import type { DeadLetter } from '../queue/dead-letters/dead-letter.js';
import type { DeadLetters } from '../queue/dead-letters/dead-letters.js';
import { withoutSecrets } from '../queue/dead-letters/redacted-letter.js';
import type { QueuedJob, QueueView } from '../queue/queue-view.js';
import type { CameraLedger } from './camera-ledger.js';
import type { JobNotes } from './job-notes.js';

/** Where an assessment stands. */
export const ASSESSMENT_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const;
export type AssessmentStatus = (typeof ASSESSMENT_STATUSES)[number];

/** One assessment as clients see it. What is not known is null. */
export interface AssessmentEntry {
  jobId: string;
  status: AssessmentStatus;
  cctvId: string | null;
  segmentStart: string | null;
  segmentEnd: string | null;
  attempts: number | null;
  worker: string | null;
  /** ISO 8601 */
  startedAt: string | null;
  /** ISO 8601 */
  finishedAt: string | null;
  /** What was published, once it is completed. */
  result?: JobResult;
  /** Why it was given up, once it has failed. */
  failure?: { code: string; message: string; letter: string };
}

/** The assessments in each status, made of the queue, its dead letters and the results: no second bookkeeping. */
export class AssessmentList {
  constructor(
    private readonly queue: QueueView,
    private readonly letters: DeadLetters,
    private readonly ledger: CameraLedger,
    private readonly notes: JobNotes,
  ) {}

  /** At most `limit` in this status: those that wait in their order, all others newest first. */
  async list(status: AssessmentStatus, limit: number): Promise<AssessmentEntry[]> {
    switch (status) {
      case 'pending':
        return (await this.queue.pending(limit)).map((job) => queuedEntry(job, undefined));
      case 'processing':
        return this.processing(limit);
      case 'completed':
        return (await this.ledger.lastAssessments(limit)).map(completedEntry);
      case 'failed':
        return (await this.letters.list(limit)).map(failedEntry);
    }
  }

  private async processing(limit: number): Promise<AssessmentEntry[]> {
    const jobs = await this.queue.running(limit);
    const times = await this.notes.startedAt(jobs.map((job) => queuedEntry(job, undefined).jobId));
    return jobs.map((job, i) => queuedEntry(job, times[i]));
  }
}

function queuedEntry({ sourceId, payload, deliveries, consumer }: QueuedJob, startedAt?: number): AssessmentEntry {
  return {
    ...named((name) => fieldOf(payload, name), sourceId),
    status: consumer === undefined ? 'pending' : 'processing',
    attempts: deliveries,
    worker: consumer ?? null,
    startedAt: startedAt === undefined ? null : new Date(startedAt).toISOString(),
    finishedAt: null,
  };
}

function completedEntry(result: JobResult): AssessmentEntry {
  return {
    ...named((name) => result[name], ''),
    status: 'completed',
    attempts: result['attempt'] === undefined ? null : Number(result['attempt']),
    worker: result['worker'] ?? null,
    startedAt: result['startedAt'] ?? null,
    finishedAt: result['finishedAt'] ?? null,
    result,
  };
}

function failedEntry(letter: DeadLetter): AssessmentEntry {
  const { id, code, message, attempts, worker, lastAt, source } = withoutSecrets(letter);
  const payload = Object.entries(letter.payload).flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
  return {
    ...named((name) => fieldOf(payload, name), source),
    status: 'failed',
    attempts,
    worker,
    startedAt: null,
    finishedAt: lastAt,
    failure: { code, message, letter: id },
  };
}

function named(field: (name: string) => string | undefined, entryId: string) {
  return {
    jobId: field('jobId') ?? entryId,
    cctvId: field('cctvId') ?? null,
    segmentStart: field('segmentStart') ?? null,
    segmentEnd: field('segmentEnd') ?? null,
  };
}

/** What a worker will refuse to read is listed all the same. */
function fieldOf(payload: RawPayload, name: string): string | undefined {
  try {
    return fieldsOf(payload)?.get(name)?.slice(0, 200);
  } catch {
    return undefined;
  }
}

function fieldsOf(payload: RawPayload): Fields | undefined {
  try {
    return readFields(payload);
  } catch {
    return undefined;
  }
}
