import { afterAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { PermanentStepError, RateLimitedError, TransientStepError } from '../../src/job/errors.js';
import type { JobIntake } from '../../src/job/intake.js';
import type { KindSpec } from '../../src/job/kind.js';
import { JobDesk } from '../../src/jobs/job-desk.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { WAITING_CONSUMER } from '../../src/queue/names.js';
import { JobBook } from '../../src/queue/status/job-book.js';
import { eventsKey, isEnd } from '../../src/queue/status/job-note.js';
import { isEnded, type JobRecord } from '../../src/queue/status/job-record.js';
import { GroupSignals } from '../../src/queue/streams/group-signals.js';
import { toFields } from '../../src/redis/fields.js';
import { Link } from '../../src/redis/link.js';
import { RedisClock } from '../../src/redis/redis-clock.js';
import type { Engine } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testEngine, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const JOBS = ['a', 'b', 'c'] as const;
const ENDINGS = {
  complete: undefined,
  retry: () => new TransientStepError('HLS_TIMEOUT', 'Too slow.'),
  snooze: () => new RateLimitedError('BUSY', 'Come back later.', 100),
  discard: () => new PermanentStepError('CAMERA_GONE', 'The camera is gone.'),
} as const;

type Ending = keyof typeof ENDINGS;

const { server, redis } = useRedis();

/** One kind of job, with the clients' side of it and two workers whose runs end when they are told to. */
class World {
  readonly streams: TestStreams = testStreams();
  readonly engines: Engine[];
  readonly desk: JobDesk;
  readonly book: JobBook;
  private readonly runs = new Map<string, (ending: Ending) => void>();

  constructor() {
    const { stream, high, dlq, results } = this.streams;
    const queue = { lanes: [high, stream], dlq, results, group: GROUP };
    const spec = { kind: 'test', queue } as unknown as KindSpec;
    this.book = new JobBook(new Link(redis), queue, 60_000);
    const kind = { spec, intake: INTAKE, book: this.book };
    const tools = { letters: new DeadLetters(redis, queue), signals: new GroupSignals(redis, queue) };
    this.desk = new JobDesk([{ ...kind, ...tools }], new OutboundPolicy(), new RedisClock());
    this.engines = [this.worker(), this.worker()];
    for (const { worker } of this.engines) worker.start();
  }

  async close(): Promise<void> {
    for (const end of this.runs.values()) end('complete');
    await Promise.all(this.engines.map(({ worker }) => worker.drain()));
    await Promise.all(this.engines.map(({ queue }) => queue.close()));
  }

  end(job: string, ending: Ending): void {
    this.runs.get(job)?.(ending);
  }

  /** Every status says what the queue says, sooner or later: nothing is left that contradicts it for good. */
  async agrees(): Promise<void> {
    let records: (JobRecord | undefined)[] = [];
    await eventually('every status agrees with the queue', async () => {
      records = await Promise.all(JOBS.map((job) => this.book.look(job)));
      return records.every((record) => record === undefined || isTrue(record));
    }).catch((error: unknown) => {
      throw new Error(JSON.stringify(records.filter((record) => record !== undefined && !isTrue(record))), {
        cause: error,
      });
    });
  }

  /** Whether there is one end for each time that a job began, but for the last, if that goes on. */
  async tellsEachEndOnce(job: string): Promise<boolean> {
    const record = await this.book.look(job);
    const { ends, begun } = await this.told(job);
    const isOver = record !== undefined && isEnded(record.status['state'] ?? '');
    return ends === (isOver ? begun : Math.max(0, begun - 1));
  }

  /** Ends of a job, and how often it began anew, as the events tell. */
  private async told(job: string): Promise<{ ends: number; begun: number }> {
    const events = (await redis.xrange(eventsKey(this.streams.stream), '-', '+')).map(([, flat]) => toFields(flat));
    const own = events.filter(({ jobId }) => jobId === job).map(({ type = '' }) => type);
    const ends = own.filter(isEnd).length;
    // Behind an end only a job that is put back begins again.
    const begun = own.filter((type, i) => type === 'job.queued' && (i === 0 || isEnd(own[i - 1] ?? ''))).length;
    return { ends, begun };
  }

  private worker(): Engine {
    const settings = { retry: { maxRetry: 2, baseMs: 20, capMs: 100 } };
    return testEngine(testQueue(server.url, this.streams), (job, run) => this.run(job.jobId, run.signal), { settings });
  }

  private async run(job: string, signal: AbortSignal): Promise<void> {
    const ending = await new Promise<Ending>((resolve, reject) => {
      this.runs.set(job, resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }).finally(() => this.runs.delete(job));
    const error = ENDINGS[ending]?.();
    if (error !== undefined) throw error;
  }
}

const INTAKE: JobIntake = {
  fields: ['cctvId'],
  files: [],
  complete: (fields) => fields,
  parse: (_payload, entryId) => ({ jobId: entryId, cctvId: 'test', enqueuedAt: 0, priorAttempts: 0 }),
  urlOf: () => undefined,
};

function isTrue({ status, place, consumer }: JobRecord): boolean {
  const state = status['state'] ?? '';
  if (place === 'new') return state === 'queued';
  if (place === 'pending' && consumer !== WAITING_CONSUMER) return state === 'running';
  // Handed back before it began, it waits with the others, and is still queued.
  if (place === 'pending') return state === 'waiting' || state === 'queued';
  return isEnded(state);
}

const job = fc.constantFrom(...JOBS);
const happening = fc.oneof(
  fc.record({ what: fc.constant('ask' as const), job, urgent: fc.boolean() }),
  fc.record({
    what: fc.constant('end' as const),
    job,
    ending: fc.constantFrom<Ending>('complete', 'retry', 'snooze', 'discard'),
  }),
  fc.record({ what: fc.constantFrom('cancel' as const, 'retry' as const, 'expedite' as const), job }),
  fc.record({ what: fc.constantFrom('pause' as const, 'resume' as const) }),
);

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

async function happen(world: World, thing: Happening): Promise<void> {
  const refused = (): undefined => undefined;
  switch (thing.what) {
    case 'ask': {
      const wish = { kind: 'test', fields: { cctvId: 'c' }, by: 'me', jobId: thing.job };
      await world.desk.ask({ ...wish, priority: thing.urgent ? 'urgent' : 'normal' }).catch(refused);
      return;
    }
    case 'end':
      return world.end(thing.job, thing.ending);
    case 'pause':
    case 'resume':
      for (const { pause } of world.engines) pause[thing.what]();
      return;
    default:
      await world.desk[thing.what](thing.job).catch(refused);
  }
}

describe('the status of a job', () => {
  const worlds: World[] = [];

  afterAll(() => Promise.all(worlds.map((world) => world.close())));

  it('never contradicts the queue, and tells each end once, whatever happens in whichever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 16 }), async (things) => {
        const world = new World();
        worlds.push(world);
        for (const thing of things) {
          await happen(world, thing);
          await world.agrees();
        }
        // What was called off a moment ago may end just now.
        for (const name of JOBS)
          await eventually(`each end of ${name} is told once`, () => world.tellsEachEndOnce(name));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  }, 120_000);
});
