/** A run of a job that is over: what it did, and how it ended. */
export interface PastRun {
  /** From 1; one that gave its attempt back is replaced by the next of the same number. */
  attempt: number;
  worker: string;
  /** ISO 8601 */
  startedAt: string;
  /** ISO 8601 */
  endedAt: string;
  /** `retry`: failed, and comes again. `snooze`: put off. `release`: its worker stopped. */
  outcome: 'completed' | 'failed' | 'cancelled' | 'retry' | 'snooze' | 'release';
  /** Why it did not complete; null when it did. */
  code: string | null;
  message: string | null;
  /** The step that it ended in; null when it completed, or ended between two. */
  step: string | null;
  /** The steps that ran, in the order in which they ended. */
  steps: { step: string; durationMs: number }[];
}

/** The last runs of a job that its status keeps. */
export const MOST_RUNS = 10;
/** Of a run. */
const MOST_STEPS = 20;
const MOST_CHARACTERS = 500;

const FIELD = 'run:';

/** The run as a field of its job's status: some 400 bytes. */
export function fieldOfRun(run: PastRun): Record<string, string> {
  const message = run.message === null ? null : run.message.slice(0, MOST_CHARACTERS);
  const told: PastRun = { ...run, message, steps: run.steps.slice(0, MOST_STEPS) };
  return { [`${FIELD}${run.attempt % MOST_RUNS}`]: JSON.stringify(told) };
}

/** The runs in a status, the oldest first. */
export function runsOf(status: Readonly<Record<string, string>>): PastRun[] {
  const fields = Object.entries(status).filter(([name]) => name.startsWith(FIELD));
  const runs = fields.map(([, json]) => JSON.parse(json) as PastRun);
  return runs.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
}
