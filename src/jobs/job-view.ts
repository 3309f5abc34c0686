import { typedResult } from '../job/typed-result.js';
import { runsOf, type PastRun } from '../queue/status/past-run.js';
import { isEnded, stateOfRecord, type JobRecord, type JobState } from '../queue/status/job-record.js';

/** Why a job waits, and until when. */
export interface Waiting {
  code: string;
  /** A sentence that says what to do, if anything. */
  message: string;
  /** ISO 8601 */
  until: string;
  /** Whether the attempt that ended counts. */
  attemptSpent: boolean;
}

/** Why a job was given up. */
export interface JobFailure {
  code: string;
  message: string;
  step: string | null;
  /** Its dead letter, by which it can be retried; null for a job that left none. */
  letter: string | null;
}

/** A file that a job left. */
export interface ArtifactLink {
  name: string;
  href: string;
  /** The same, 320 px wide; null for what is no picture. */
  thumbnail: string | null;
  contentType: string;
}

/** A job as its client sees it. What is not known is null. */
export interface JobView {
  id: string;
  kind: string;
  cctvId: string | null;
  state: JobState;
  priority: 'normal' | 'urgent';
  /** Grows with each change. */
  version: number;
  /** 0..1; 1 only once it is completed. */
  progress: number;
  step: string | null;
  steps: string[];
  message: string | null;
  attempt: number;
  maxAttempts: number | null;
  waiting: Waiting | null;
  failure: JobFailure | null;
  /** What it found, as it was published, numbers as numbers. */
  result: Record<string, string | number | boolean> | null;
  /** The files it left; empty before its end. */
  artifacts: ArtifactLink[];
  /** Its runs that are over, the last ten, the oldest first. */
  runs: PastRun[];
  worker: string | null;
  /** ISO 8601, as all times */
  queuedAt: string | null;
  startedAt: string | null;
  updatedAt: string | null;
  finishedAt: string | null;
  links: { self: string; events: string; cancel: string };
}

/** What a view is made of beside the record. */
export interface ViewFacts {
  readonly kind: string;
  readonly urgentLane: string;
  /** Names of the files that a finished job leaves. */
  readonly files: readonly string[];
  /** How the job ended, from the results, where its status does not say. */
  readonly result?: Readonly<Record<string, string>> | undefined;
}

const LOST: Omit<JobFailure, 'letter'> = {
  code: 'END_UNKNOWN',
  message:
    'The queue does not hold the job any more, and nothing tells how it ended: Redis was flushed or lost what it knew. ' +
    'Look for its artifacts, then ask for it again.',
  step: null,
};

/** What a client is told of a job. */
export function jobView(record: JobRecord, facts: ViewFacts): JobView {
  const { jobId, status } = record;
  const state = stateOfRecord(record) ?? (facts.result?.['outcome'] as JobState | undefined) ?? 'failed';
  const isRunning = state === 'running';
  const self = `/api/v1/jobs/${jobId}`;
  const found = state === 'completed' ? (facts.result ?? parsed<Record<string, string>>(status['result'])) : null;
  return {
    id: jobId,
    kind: facts.kind,
    cctvId: textOf(status['cctvId']),
    state,
    priority: status['stream'] === facts.urgentLane ? 'urgent' : 'normal',
    version: Number(status['version'] ?? 0),
    progress: state === 'completed' ? 1 : isRunning || isEnded(state) ? Number(status['progress'] ?? 0) : 0,
    step: isRunning ? textOf(status['step']) : null,
    steps: (textOf(status['steps']) ?? '').split(',').filter((name) => name !== ''),
    message: isRunning ? textOf(status['message']) : null,
    attempt: Number(status['attempt'] ?? 0),
    maxAttempts: status['maxAttempts'] === undefined ? null : Number(status['maxAttempts']),
    waiting: state === 'waiting' ? parsed<Waiting>(status['waiting']) : null,
    failure: state === 'failed' ? failureOf(record, facts) : null,
    result: found === null ? null : typedResult(found),
    artifacts: found?.['artifacts'] === undefined ? [] : artifactLinks(facts.files, self),
    runs: runsOf(status),
    worker: isRunning ? (textOf(record.consumer) ?? textOf(status['worker'])) : textOf(status['worker']),
    queuedAt: timeOf(status['queuedAt']),
    startedAt: timeOf(status['startedAt']),
    updatedAt: timeOf(status['updatedAt']),
    finishedAt: isEnded(state) ? (timeOf(status['finishedAt']) ?? textOf(facts.result?.['finishedAt'])) : null,
    links: { self, events: `${self}/events`, cancel: `${self}/cancel` },
  };
}

function failureOf({ status }: JobRecord, { result }: ViewFacts): JobFailure {
  const letter = textOf(status['letter']);
  const written = parsed<Omit<JobFailure, 'letter'>>(status['failure']);
  if (written !== null) return { ...written, step: textOf(written.step ?? ''), letter };
  if (result?.['code'] === undefined) return { ...LOST, letter: null };
  return { code: result['code'], message: result['message'] ?? '', step: textOf(result['step']), letter };
}

function artifactLinks(files: readonly string[], self: string): ArtifactLink[] {
  return files.map((name) => {
    const href = `${self}/artifacts/${name}`;
    const isPicture = name.endsWith('.jpg');
    const contentType = isPicture ? 'image/jpeg' : 'application/json';
    return { name, href, thumbnail: isPicture ? `${href}?w=320` : null, contentType };
  });
}

function textOf(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' ? null : text;
}

function timeOf(ms: string | undefined): string | null {
  const text = textOf(ms);
  return text === null ? null : new Date(Number(text)).toISOString();
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what we wrote ourselves
function parsed<T>(json: string | undefined): T | null {
  const text = textOf(json);
  return text === null ? null : (JSON.parse(text) as T);
}
