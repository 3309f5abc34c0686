import { readFields } from '../job/payload.js';
import type { KindSpec } from '../job/kind.js';
import { isBefore } from '../queue/numbers/entry-id.js';
import type { QueuedJob, QueueView } from '../queue/queue-view.js';
import type { ResultsView } from '../queue/status/results-view.js';
import type { JobState } from '../queue/status/job-record.js';

/** A job in a list. What is not known is null. */
export interface JobSummary {
  id: string;
  kind: string;
  cctvId: string | null;
  state: JobState;
  priority: 'normal' | 'urgent' | null;
  attempt: number | null;
  worker: string | null;
  /** ISO 8601 */
  queuedAt: string | null;
  /** ISO 8601 */
  finishedAt: string | null;
  failure: { code: string; message: string } | null;
  /** Whether there is more to see of it: `GET /api/v1/jobs/{id}` knows it. */
  tracked: boolean;
}

/** One entry of a section: where the section goes on behind it, and the job. */
export interface Row {
  readonly at: string;
  readonly job: JobSummary;
}

/** A part of the list of jobs, which is read page by page. */
export interface Section {
  readonly kind: string;
  readonly states: readonly JobState[];
  /** Undefined: jobs of either. */
  readonly priority: 'normal' | 'urgent' | undefined;
  page(after: string | undefined, count: number): Promise<Row[]>;
}

/** More jobs do not run at once anywhere. */
const MOST_RUNNING = 1_000;

/** The sections of one kind of job, in the order in which they are listed. */
export function sectionsOf({ kind, queue }: KindSpec, view: QueueView, results: ResultsView): Section[] {
  const [urgent = '', ...rest] = queue.lanes;
  const lanes = [urgent, ...rest];
  const priorityOf = (lane: string) => (lane === urgent && lanes.length > 1 ? 'urgent' : 'normal');
  const rowsOf = (jobs: readonly QueuedJob[], state: JobState): Row[] =>
    jobs.map((job) => ({ at: job.entryId, job: summaryOf(job, kind, state, priorityOf(job.lane)) }));
  return [
    {
      kind,
      states: ['running'],
      priority: undefined,
      // Each worker has a list of its own: they are brought into one order, to go on in.
      page: async (after, count) => pageOf(rowsOf(await view.running(MOST_RUNNING), 'running'), after, count),
    },
    ...lanes.map((lane): Section => ({
      kind,
      states: ['waiting'],
      priority: priorityOf(lane),
      page: async (after, count) => rowsOf(await view.waitingAfter(lane, after, count), 'waiting'),
    })),
    ...lanes.map((lane): Section => ({
      kind,
      states: ['queued'],
      priority: priorityOf(lane),
      page: async (after, count) => rowsOf(await view.newAfter(lane, after, count), 'queued'),
    })),
    {
      kind,
      states: ['completed', 'failed', 'cancelled'],
      priority: undefined,
      page: async (before, count) =>
        (await results.before(before, count)).map(({ id, fields }) => ({ at: id, job: endedSummary(fields, kind) })),
    },
  ];
}

function pageOf(rows: readonly Row[], after: string | undefined, count: number): Row[] {
  const sorted = [...rows].sort((a, b) => (isBefore(a.at, b.at) ? -1 : 1));
  return sorted.filter(({ at }) => after === undefined || isBefore(after, at)).slice(0, count);
}

function summaryOf(job: QueuedJob, kind: string, state: JobState, priority: 'normal' | 'urgent'): JobSummary {
  const field = fieldReader(job);
  const since = Number.parseInt(job.sourceId, 10);
  return {
    id: field('jobId') ?? job.sourceId,
    kind,
    cctvId: field('cctvId') ?? null,
    state,
    priority,
    attempt: job.deliveries,
    worker: job.consumer ?? null,
    queuedAt: since > LATEST_MS ? null : new Date(since).toISOString(),
    finishedAt: null,
    failure: null,
    tracked: field('track') === '1',
  };
}

/** The latest time that a date can hold. ms */
const LATEST_MS = 8.64e15;

function endedSummary(fields: Readonly<Record<string, string>>, kind: string): JobSummary {
  const state = (fields['outcome'] ?? 'completed') as JobState;
  return {
    id: fields['jobId'] ?? '',
    kind,
    cctvId: fields['cctvId'] === '' ? null : (fields['cctvId'] ?? null),
    state,
    priority: null,
    attempt: fields['attempt'] === undefined ? null : Number(fields['attempt']),
    worker: fields['worker'] ?? null,
    queuedAt: fields['enqueuedAt'] ?? null,
    finishedAt: fields['finishedAt'] ?? null,
    failure: state === 'failed' ? { code: fields['code'] ?? '', message: fields['message'] ?? '' } : null,
    tracked: fields['tracked'] === '1',
  };
}

/** What a worker will refuse to read is listed all the same. */
function fieldReader({ payload }: QueuedJob): (name: string) => string | undefined {
  try {
    const fields = readFields(payload);
    return (name) => {
      try {
        return fields.get(name)?.slice(0, 200);
      } catch {
        return undefined;
      }
    };
  } catch {
    return () => undefined;
  }
}
