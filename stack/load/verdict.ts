import type { Book, JobRecord } from './book.js';
import type { Memory } from './surroundings.js';

/** What was seen. */
export interface Seen {
  readonly book: Pick<Book, 'jobs' | 'refused'>;
  readonly resyncs: number;
  readonly rang: ReadonlySet<string>;
  readonly memory: ReadonlyMap<string, Memory>;
  readonly blind: string | undefined;
}

/** What came of it: numbers to read, and what is wrong; nothing wrong is a pass. */
export interface Verdict {
  readonly lines: readonly string[];
  readonly faults: readonly string[];
}

/** More is told as a number. */
const NAMED = 5;

/**
 * Passes when each accepted job ended once for everybody, completed by its first attempt, nothing was refused, no alert began
 * to ring and no process needed more memory than it may.
 * @param mostMb memory that a process may need
 */
export function verdictOf(seen: Seen, mostMb: number): Verdict {
  const jobs = [...seen.book.jobs];
  const faults = [
    ...some(jobs, 'accepted, but never ended', ({ results }) => results.length === 0),
    ...some(jobs, 'ended more than once in the results', ({ results }) => results.length > 1),
    ...some(jobs, 'ended without an event', ({ results, told }) => results.length > 0 && told.length === 0),
    ...some(jobs, 'told as ended more than once', ({ told }) => told.length > 1),
    ...some(jobs, 'did not complete', ({ results }) => results.some(({ outcome }) => outcome !== 'completed'), why),
    ...some(jobs, 'needed more than one attempt', ({ results }) => results.some(({ attempt }) => attempt > 1)),
    ...(jobs.length === 0 ? ['No job was accepted.'] : []),
    ...(seen.book.refused.length > 0
      ? [`${seen.book.refused.length} not accepted: ${firstOf(seen.book.refused)}`]
      : []),
    ...(seen.resyncs > 0 ? [`The listener was told ${seen.resyncs} times that events may be missing.`] : []),
    ...[...seen.rang].map((alert) => `An alert rang: ${alert}`),
    ...(seen.blind === undefined ? [] : [seen.blind]),
    ...[...seen.memory].flatMap(([role, { most }]) =>
      most > mostMb ? [`${role} needed ${most} MB of memory, more than ${mostMb}.`] : [],
    ),
  ];
  return {
    lines: linesOf(
      jobs.map(([, job]) => job),
      seen,
    ),
    faults,
  };
}

type Named = readonly [jobId: string, job: JobRecord];

function some(
  jobs: readonly Named[],
  what: string,
  isSo: (job: JobRecord) => boolean,
  detail: (job: JobRecord) => string = ({ format }) => format,
): string[] {
  const found = jobs.filter(([, job]) => isSo(job)).map(([jobId, job]) => `${jobId} (${detail(job)})`);
  return found.length === 0 ? [] : [`${found.length} ${what}: ${firstOf(found)}`];
}

const why = ({ format, results }: JobRecord): string =>
  `${format}: ${results.map(({ outcome, code }) => `${outcome} ${code}`.trim()).join(', ')}`;

function firstOf(list: readonly string[]): string {
  const more = list.length > NAMED ? `, and ${list.length - NAMED} more` : '';
  return list.slice(0, NAMED).join('; ') + more;
}

function linesOf(jobs: readonly JobRecord[], { memory }: Seen): string[] {
  const ended = jobs.filter(({ results }) => results.length > 0);
  const formats = new Set(jobs.map(({ format }) => format)).size;
  const took = (real: boolean) =>
    ended.filter(({ isReal }) => isReal === real).map(({ sentAt, results }) => (results[0]?.at ?? 0) - sentAt);
  const told = ended.flatMap(({ results, told: [at] }) => (at === undefined ? [] : [at - (results[0]?.at ?? 0)]));
  return [
    `jobs: ${jobs.length} accepted in ${formats} formats, ${ended.length} ended; ${took(true).length} of them watched a road`,
    ...spread('from sent to ended, watched', took(true)),
    ...spread('from sent to ended, stub', took(false)),
    ...spread('from ended to told', told),
    ...[...memory].map(
      ([role, { first, most, last }]) => `memory of ${role}: ${first} MB, at most ${most}, then ${last}`,
    ),
  ];
}

/** Of the list's percentiles, ms. Clocks of one machine may still differ by a moment: never below 0. */
function spread(what: string, list: readonly number[]): string[] {
  if (list.length === 0) return [];
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number) => Math.max(0, sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return [`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`];
}
