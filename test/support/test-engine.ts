import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Job, JobHandler, Run } from '../../src/job/handler.js';
import { JobHandler as Handler } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import { toFields } from '../../src/redis/fields.js';
import type { RedisSettings } from '../../src/redis/connection.js';
import { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { assemble, type Engine, type EngineSettings } from '../../src/worker/engine.js';
import type { WorkerEvents } from '../../src/worker/loop/worker-events.js';
import { silentEvents } from './silent-events.js';

/** The streams of one test: their own, so that tests share a server. */
export interface TestStreams {
  stream: string;
  high: string;
  dlq: string;
  results: string;
}

export function testStreams(): TestStreams {
  const stream = `{test:${randomUUID()}}`;
  return { stream, high: `${stream}:high`, dlq: `${stream}:dlq`, results: `${stream}:results` };
}

export const GROUP = 'workers';

/** A queue with a lease of 2 s, so that tests see one run out. */
export function testQueue(
  redis: string | RedisSettings,
  streams: TestStreams,
  consumer: string = randomUUID(),
  visibilityMs = 2_000,
): RedisJobQueue {
  return new RedisJobQueue({
    redis: typeof redis === 'string' ? { url: redis } : redis,
    names: { lanes: [streams.high, streams.stream], dlq: streams.dlq, results: streams.results, group: GROUP },
    consumer,
    visibilityMs,
    urgentCheckMs: 0,
    maxEntryBytes: 1_048_576,
    retentionMs: 3_600_000,
    longestRunMs: 60_000,
  });
}

/** Entries that a worker has and has not settled; -1 while there is no group. */
export async function pendingOf(redis: Redis, { stream }: Pick<TestStreams, 'stream'>): Promise<number> {
  const [count] = (await redis.xpending(stream, GROUP).catch(() => [-1])) as [number];
  return count;
}

/** A handler for jobs that say in their payload what to do. */
export class TestHandler extends Handler {
  readonly kind = 'test';
  override readonly steps = ['watch', 'look'];

  constructor(private readonly work: (job: TestJob, run: Run) => Promise<void>) {
    super();
  }

  parse(payload: RawPayload, entryId: string): TestJob {
    const fields = toFields(payload);
    const isTracked = fields.track === '1';
    return {
      jobId: fields.jobId ?? entryId,
      cctvId: 'test',
      enqueuedAt: Date.now(),
      priorAttempts: 0,
      isTracked,
      fields,
    };
  }

  handle(job: TestJob, run: Run): Promise<void> {
    return this.work(job, run);
  }
}

export interface TestJob extends Job {
  fields: Record<string, string>;
}

export const TEST_SETTINGS: EngineSettings = {
  concurrency: 2,
  batchCount: 20,
  blockMs: 5_000,
  graceMs: 5_000,
  retry: { maxRetry: 3, baseMs: 200, capMs: 2_000 },
  jobTimeoutMs: 60_000,
  visibilityMs: 2_000,
};

/** An engine on a real Redis, not started yet. */
export function testEngine(
  queue: RedisJobQueue,
  work: (job: TestJob, run: Run) => Promise<void>,
  options: { settings?: Partial<EngineSettings>; events?: Partial<WorkerEvents> } = {},
): Engine {
  const settings = { ...TEST_SETTINGS, ...options.settings };
  return assemble(settings, queue, new TestHandler(work) as JobHandler, silentEvents(options.events));
}
