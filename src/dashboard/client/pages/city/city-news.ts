import { get, type ApiError } from '../../api.js';
import { asApiError, useResource, type Resource } from '../../resource.js';
import type { CameraPage, FindingCounts, HealthPart, QueueNumbers, Worker } from '../../shapes.js';

/** A busy city tells a lot; one look in so many ms is enough. */
const GATHER_MS = 5_000;
/** What no event tells of, such as how old the oldest job is. ms */
const EVERY_MS = 15_000;
/** Dead letters that are looked at to tell how many are new. */
const MOST_LETTERS = 50;
/** Cameras that are named. */
export const MOST_NAMED = 8;

/** A job that was given up, as far as it is looked at here. */
export interface Letter {
  readonly failedAt: string | null;
  readonly code: string;
}

/** All that the start shows, each read by itself so that nothing waits for what is slow or forbidden. */
export interface CityNews {
  readonly workers: Resource<{ readonly items: readonly Worker[] }>;
  readonly queue: Resource<{ readonly items: readonly QueueNumbers[] }>;
  readonly failing: Resource<CameraPage>;
  readonly stale: Resource<CameraPage>;
  readonly letters: Resource<readonly Letter[]>;
  readonly findings: Resource<FindingCounts>;
  readonly health: Resource<Readonly<Record<string, HealthPart>>>;
}

/** Reads it and keeps it fresh. */
export function useCityNews(): CityNews {
  const cameras = { events: ['camera.updated', 'job.failed'], gatherMs: GATHER_MS };
  const jobs = { events: ['queue.changed', 'job.completed', 'job.failed'], everyMs: EVERY_MS, gatherMs: GATHER_MS };
  const listed = (state: string) => (signal: AbortSignal) =>
    get<CameraPage>('cameras', { state, limit: MOST_NAMED }, signal);
  return {
    workers: useResource('workers', (signal) => get('workers', {}, signal), {
      events: ['worker.changed'],
      everyMs: EVERY_MS,
    }),
    queue: useResource('queue', (signal) => get('queue', {}, signal), jobs),
    failing: useResource('failing', listed('failing'), cameras),
    stale: useResource('stale', listed('stale'), cameras),
    letters: useResource('letters', readLetters, {
      events: ['job.failed'],
      gatherMs: GATHER_MS,
    }),
    findings: useResource('findings', (signal) => get('findings/counts', {}, signal), {
      events: ['finding.updated', 'camera.updated'],
      gatherMs: GATHER_MS,
    }),
    health: useResource('health', readHealth, { everyMs: 2 * EVERY_MS }),
  };
}

async function readLetters(signal: AbortSignal): Promise<Letter[]> {
  type Page = { readonly items: readonly Letter[] };
  const { items: queues } = await get<{ items: readonly QueueNumbers[] }>('queue', {}, signal);
  const read = ({ kind }: QueueNumbers): Promise<Page> =>
    get<Page>('dead-letters', { kind, limit: MOST_LETTERS }, signal);
  const withLetters = queues.filter(({ deadLetters }) => deadLetters.total > 0);
  return (await Promise.all(withLetters.map(read))).flatMap(({ items }) => items);
}

/** An unwell service answers with 503, which says the same in its body. */
export async function readHealth(signal: AbortSignal): Promise<Readonly<Record<string, HealthPart>>> {
  type Answer = { readonly details?: Readonly<Record<string, HealthPart>> };
  try {
    return (await get<Answer>('../../health', {}, signal)).details ?? {};
  } catch (problem) {
    const error: ApiError = asApiError(problem);
    const { details } = error.body as Answer;
    if (error.status === 503 && details !== undefined) return details;
    throw error;
  }
}
