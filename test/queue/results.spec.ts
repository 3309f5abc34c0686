import { afterEach, describe, expect, it } from '@jest/globals';
import { PermanentStepError } from '../../src/job/errors.js';
import type { Run } from '../../src/job/handler.js';
import { keyOf, type Delivery } from '../../src/queue/job-queue.js';
import type { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import type { Engine } from '../../src/worker/engine.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import {
  GROUP,
  pendingOf,
  testEngine,
  testQueue,
  testStreams,
  type TestJob,
  type TestStreams,
} from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const RESULT = { jobId: 'a', found: 'two potholes' };

const { server, redis } = useRedis();

describe('the results of a queue', () => {
  const queues: RedisJobQueue[] = [];
  const engines: Engine[] = [];

  afterEach(async () => {
    await Promise.all(engines.splice(0).map(({ worker }) => worker.drain()));
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
  });

  function queueOn(streams: TestStreams): RedisJobQueue {
    const queue = testQueue(server.url, streams);
    queues.push(queue);
    return queue;
  }

  function start(streams: TestStreams, work: (job: TestJob, run: Run) => Promise<void>): Engine {
    const engine = testEngine(queueOn(streams), work);
    engines.push(engine);
    engine.worker.start();
    return engine;
  }

  async function claimed(streams: TestStreams): Promise<{ queue: RedisJobQueue; delivery: Delivery }> {
    const queue = queueOn(streams);
    await queue.open();
    await redis.xadd(streams.stream, '*', 'jobId', 'a');
    const [delivery] = await queue.claim(1, 5_000);
    return { queue, delivery: delivery as Delivery };
  }

  async function results(streams: TestStreams): Promise<Record<string, string>[]> {
    const entries = await redis.xrange(streams.results, '-', '+');
    return entries.map(([, flat]) => toFields(flat));
  }

  const pending = (streams: TestStreams): Promise<number> => pendingOf(redis, streams);

  it('hold what a finished job published, with the entry it is of, and the job is acknowledged', async () => {
    const streams = testStreams();
    const { queue, delivery } = await claimed(streams);
    expect(await queue.complete(delivery, RESULT)).toBe('settled');
    expect(await results(streams)).toEqual([{ ...RESULT, 'roadstream:entry': keyOf(delivery) }]);
    expect(await pending(streams)).toBe(0);
  });

  it('hold it once though it is settled twice', async () => {
    const streams = testStreams();
    const { queue, delivery } = await claimed(streams);
    const settled = await Promise.all([queue.complete(delivery, RESULT), queue.complete(delivery, RESULT)]);
    expect(settled).toEqual(['settled', 'settled']);
    expect(await results(streams)).toHaveLength(1);
  });

  it('hold it once though the entry is trimmed between two settlements', async () => {
    const streams = testStreams();
    const { queue, delivery } = await claimed(streams);
    await queue.complete(delivery, RESULT);
    await redis.xtrim(streams.stream, 'MAXLEN', 0);
    expect(await queue.complete(delivery, RESULT)).toBe('settled');
    expect(await results(streams)).toHaveLength(1);
  });

  it('hold it though a producer trimmed the entry while its job ran, pending still or not', async () => {
    const streams = testStreams();
    const first = await claimed(streams);
    await redis.xtrim(streams.stream, 'MAXLEN', 0);
    expect(await first.queue.complete(first.delivery, RESULT)).toBe('settled');
    const second = await claimed(streams);
    await redis.xtrim(streams.stream, 'MAXLEN', 0);
    // What another worker's rescue does with an entry that is gone.
    await redis.xclaim(streams.stream, GROUP, 'other', 0, second.delivery.entryId);
    expect(await second.queue.complete(second.delivery, RESULT)).toBe('gone');
    const entries = (await results(streams)).map((result) => result['roadstream:entry']);
    expect(entries).toEqual([keyOf(first.delivery), keyOf(second.delivery)]);
    expect(await pending(streams)).toBe(0);
  });

  it('hold nothing of a worker whose lease was lost, and once what the next one found', async () => {
    const streams = testStreams();
    const { queue, delivery } = await claimed(streams);
    const other = queueOn(streams);
    await other.open();
    // The lease runs out at once for who looks; the rescuer of another worker takes over.
    await redis.call('XCLAIM', streams.stream, GROUP, 'dead', 0, delivery.entryId, 'IDLE', 10_000, 'JUSTID');
    const again = await eventually('the rescue', async () => (await other.rescue(1)).deliveries[0]);
    expect(await queue.complete(delivery, { ...RESULT, worker: 'late' })).toBe('lost');
    expect(await results(streams)).toEqual([]);
    expect(await other.complete(again, { ...RESULT, worker: 'next' })).toBe('settled');
    expect(await queue.complete(delivery, { ...RESULT, worker: 'late' })).toBe('lost');
    expect(await results(streams)).toMatchObject([{ worker: 'next' }]);
  });

  it('hold one of each job that runs through the engine, of the run that completed it', async () => {
    const streams = testStreams();
    for (let i = 0; i < 30; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `job-${i}`);
    start(streams, async ({ jobId }, run) => {
      run.publish({ jobId, attempt: String(run.attempt) });
      if (jobId === 'job-7' && run.attempt === 1) throw new Error('the first run fails after it published');
    });
    await eventually('30 results', async () => (await results(streams)).length >= 30);
    const found = await results(streams);
    expect(new Set(found.map(({ jobId }) => jobId)).size).toBe(30);
    expect(found.filter(({ attempt }) => attempt !== '1')).toMatchObject([{ jobId: 'job-7', attempt: '2' }]);
    expect(found).toHaveLength(30);
  });

  it('say of a cancelled job that it was, and nothing of what it found', async () => {
    const streams = testStreams();
    const { queue, inHand } = start(
      streams,
      (_job, run) =>
        new Promise((_resolve, reject) => {
          run.publish(RESULT);
          run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
        }),
    );
    await redis.xadd(streams.stream, '*', 'jobId', 'a');
    await eventually('it runs', () => inHand.size === 1);
    await queue.cancel('a');
    await eventually('it is settled', async () => inHand.size === 0 && (await pending(streams)) === 0);
    const [told] = await results(streams);
    expect(told).toMatchObject({ jobId: 'a', outcome: 'cancelled', code: 'CANCELLED' });
    expect(told).not.toHaveProperty('found');
  });

  it('say of a job that was given up why it was', async () => {
    const streams = testStreams();
    start(streams, async () => {
      throw new PermanentStepError('CAMERA_GONE', 'There is no such camera.');
    });
    await redis.xadd(streams.stream, '*', 'jobId', 'a');
    await eventually('it is set aside', async () => (await redis.xlen(streams.dlq)) === 1);
    expect(await results(streams)).toMatchObject([
      { jobId: 'a', outcome: 'failed', code: 'CAMERA_GONE', message: 'There is no such camera.', attempt: '1' },
    ]);
  });

  it('are trimmed by time when new ones come', async () => {
    const streams = testStreams();
    const old = Date.now() - 2 * 3_600_000;
    // Trimming takes whole nodes: what is old ends with one.
    await redis.config('SET', 'stream-node-max-entries', '10');
    for (let i = 0; i < 300; i += 1) await redis.xadd(streams.results, `${old + i}-0`, 'jobId', `old-${i}`);
    await redis.xadd(streams.results, `${Date.now() - 60_000}-0`, 'jobId', 'recent');
    const { queue, delivery } = await claimed(streams);
    await queue.complete(delivery, RESULT);
    const left = (await results(streams)).map(({ jobId }) => jobId);
    expect(left).toEqual(['recent', 'a']);
  });
});
