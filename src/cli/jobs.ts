import { loadConfig, type Config } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { JobDesk, type DeskKind } from '../jobs/job-desk.js';
import { JobList } from '../jobs/job-list.js';
import { sectionsOf, type JobSummary } from '../jobs/job-sections.js';
import type { JobView } from '../jobs/job-view.js';
import { KINDS } from '../kinds.js';
import { OutboundPolicy } from '../outbound/outbound-policy.js';
import { KindQueues } from '../queue/kind-queues.js';
import type { JobState } from '../queue/status/job-record.js';
import { Link } from '../redis/link.js';
import { RedisClock } from '../redis/redis-clock.js';
import { withQueue } from './with-queue.js';

const MOST = 200;

/** Which jobs to list. */
export interface JobListOptions {
  state?: JobState;
  kind?: string;
  camera?: string;
  limit: string;
}

/** Prints jobs, one a line. */
export function listJobs({ state, kind, camera, limit }: JobListOptions): Promise<void> {
  return withKinds(async (queues) => {
    const sections = queues.all.flatMap((spec) => sectionsOf(spec, queues.view(spec.kind), queues.results(spec.kind)));
    const most = Math.min(MOST, Math.max(1, Number(limit) || 1));
    const { items, complete } = await new JobList(sections).list({ state, kind, cctvId: camera, limit: most });
    if (items.length === 0) console.log('There is no such job.');
    for (const job of items) console.log(lineOf(job));
    if (!complete) console.log('There may be more: it stopped after it had looked at 5,000 entries.');
  });
}

/** Prints one as JSON. */
export function showJob(id: string): Promise<void> {
  return withDesk((desk) => desk.get(id));
}

/** Cancels, retries or expedites one, and prints it. */
export function act(what: 'cancel' | 'retry' | 'expedite', id: string): Promise<void> {
  return withDesk((desk) => desk[what](id));
}

function lineOf({ id, kind, state, cctvId, attempt, queuedAt, worker, failure }: JobSummary): string {
  const tries = attempt === null ? '-' : `${attempt}x`;
  return [id, kind, state, tries, cctvId ?? '-', queuedAt ?? '-', failure?.code ?? worker ?? ''].join('  ').trimEnd();
}

function withDesk(work: (desk: JobDesk) => Promise<JobView>): Promise<void> {
  return withKinds(async (queues, config, clock) => {
    const open = ({ kind }: { kind: string }): DeskKind => ({
      spec: queues.spec(kind),
      // Here nobody asks for new jobs: that is `enqueue`.
      intake: undefined,
      book: queues.book(kind, config.queue.statusKeepMs),
      letters: queues.letters(kind),
      signals: queues.signals(kind),
    });
    const desk = new JobDesk(KINDS.map(open), new OutboundPolicy(), clock);
    console.log(JSON.stringify(await work(desk), undefined, 2));
  });
}

function withKinds(work: (queues: KindQueues, config: Config, clock: RedisClock) => Promise<void>): Promise<void> {
  const config = loadConfig(readEnvironment());
  return withQueue(config, async ({ connection }) => {
    const clock = new RedisClock();
    await clock.set(connection);
    const link = new Link(connection);
    const specs = KINDS.map(({ spec }) => spec(config));
    await work(new KindQueues(specs, { patient: link, prompt: link }, config.queue.maxEntryBytes), config, clock);
  });
}
