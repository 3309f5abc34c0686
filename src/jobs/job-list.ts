import type { JobState } from '../queue/status/job-record.js';
import { fromCursor, toCursor } from './cursor.js';
import type { JobSummary, Row, Section } from './job-sections.js';

/** Entries that one call looks at, at most. */
const MOST_SCANNED = 5_000;
const PAGE = 200;

/** Which jobs to list; what is left out does not matter. */
export interface JobFilter {
  readonly state?: JobState | undefined;
  readonly kind?: string | undefined;
  readonly cctvId?: string | undefined;
  /** Reason code of failed ones. */
  readonly code?: string | undefined;
  readonly priority?: 'normal' | 'urgent' | undefined;
  /** ISO 8601 */
  readonly since?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of jobs. */
export interface JobPage {
  items: JobSummary[];
  /** The cursor of the next page; null when there is none. */
  next: string | null;
  /** Entries that were looked at. */
  scanned: number;
  /** False: it stopped since it had looked at enough, not since there are no more. */
  complete: boolean;
}

/** Jobs of every kind, made of the queues and their results: no second bookkeeping. */
export class JobList {
  constructor(private readonly sections: readonly Section[]) {}

  /** The kinds there are, in their order. */
  get kinds(): string[] {
    return [...new Set(this.sections.map(({ kind }) => kind))];
  }

  /**
   * A page of jobs: running, waiting, queued, then ended ones, kind by kind. Looks at a bounded number of entries and says
   * so when it stopped there.
   * @throws InvalidJobError BAD_CURSOR
   */
  async list(filter: JobFilter): Promise<JobPage> {
    const items: JobSummary[] = [];
    let { section, after } = fromCursor(filter.cursor, this.sections.length);
    let scanned = 0;
    for (; section < this.sections.length; section += 1, after = undefined) {
      const part = this.sections[section] as Section;
      if (!concerns(part, filter)) continue;
      for (;;) {
        const rows = await part.page(after, PAGE);
        for (const { at, job } of rows) {
          if (items.length === filter.limit) return page(items, scanned, true, toCursor({ section, after }));
          after = at;
          scanned += 1;
          if (matches(job, filter)) items.push(job);
        }
        if (rows.length < PAGE || isPast(rows, filter)) break;
        if (scanned >= MOST_SCANNED) return page(items, scanned, false, toCursor({ section, after }));
      }
    }
    return page(items, scanned, true, null);
  }
}

function page(items: JobSummary[], scanned: number, complete: boolean, next: string | null): JobPage {
  return { items, next, scanned, complete };
}

function concerns({ kind, states, priority }: Section, filter: JobFilter): boolean {
  if (filter.kind !== undefined && filter.kind !== kind) return false;
  if (filter.state !== undefined && !states.includes(filter.state)) return false;
  if (filter.code !== undefined && !states.includes('failed')) return false;
  return filter.priority === undefined || priority === undefined || priority === filter.priority;
}

function matches(job: JobSummary, { state, cctvId, code, priority, since }: JobFilter): boolean {
  if (state !== undefined && job.state !== state) return false;
  if (cctvId !== undefined && job.cctvId !== cctvId) return false;
  if (code !== undefined && job.failure?.code !== code) return false;
  if (priority !== undefined && job.priority !== priority) return false;
  return since === undefined || Date.parse(job.finishedAt ?? job.queuedAt ?? '') >= Date.parse(since);
}

/** Ended jobs come newest first: behind one that is too old all are. */
function isPast(rows: readonly Row[], { since }: JobFilter): boolean {
  const finishedAt = rows.at(-1)?.job.finishedAt ?? null;
  return since !== undefined && finishedAt !== null && Date.parse(finishedAt) < Date.parse(since);
}
