import { afterEach, describe, expect, it } from '@jest/globals';
import { PermanentStepError, TransientStepError } from '../../src/job/errors.js';
import type { Run } from '../../src/job/handler.js';
import { runsOf } from '../../src/queue/status/past-run.js';
import { eventsKey, statusesKey, statusKey } from '../../src/queue/status/job-note.js';
import type { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { toFields } from '../../src/redis/fields.js';
import type { Engine } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import {
  pendingOf,
  testEngine,
  testQueue,
  testStreams,
  type TestJob,
  type TestStreams,
} from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();

describe('a job whose status was asked for', () => {
  const queues: RedisJobQueue[] = [];
  const engines: Engine[] = [];

  afterEach(async () => {
    await Promise.all(engines.splice(0).map(({ worker }) => worker.drain()));
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
  });

  function start(streams: TestStreams, work: (job: TestJob, run: Run) => Promise<void>): Engine {
    const queue = testQueue(server.url, streams);
    const engine = testEngine(queue, work);
    queues.push(queue);
    engines.push(engine);
    engine.worker.start();
    return engine;
  }

  const add = (streams: TestStreams, jobId = 'a') => redis.xadd(streams.stream, '*', 'jobId', jobId, 'track', '1');
  const statusOf = (streams: TestStreams, jobId = 'a') => redis.hgetall(statusKey(streams.stream, jobId));

  /** A run that is over at once tells its end alone. */
  const toldToRun = (streams: TestStreams): Promise<unknown> =>
    eventually('it is told to run', async () => (await statusOf(streams))['state'] === 'running');

  async function eventsOf(streams: TestStreams): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const entries = await redis.xrange(eventsKey(streams.stream), '-', '+');
    return entries.map(([, flat]) => {
      const { type = '', data = '{}' } = toFields(flat);
      return { type, data: JSON.parse(data) as Record<string, unknown> };
    });
  }

  async function typesUntil(streams: TestStreams, last: string): Promise<string[]> {
    const types = async (): Promise<string[]> => (await eventsOf(streams)).map(({ type }) => type);
    await eventually(last, async () => (await types()).includes(last));
    return (await types()).filter((type) => type !== 'job.progress');
  }

  it('is told from its start to its end, each time with a higher version', async () => {
    const streams = testStreams();
    start(streams, (_job, run) =>
      run.step('watch', async () => {
        await toldToRun(streams);
        run.publish({ jobId: 'a' });
      }),
    );
    await add(streams);
    expect(await typesUntil(streams, 'job.completed')).toEqual(['job.started', 'job.completed']);
    expect(await statusOf(streams)).toMatchObject({ state: 'completed', progress: '1', attempt: '1', kind: 'test' });
    const versions = (await eventsOf(streams)).map(({ data }) => Number(data['version']));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('says that it waits, why and until when, and counts its attempts', async () => {
    const streams = testStreams();
    start(streams, async (_job, run) => {
      await toldToRun(streams);
      if (run.attempt === 1) throw new TransientStepError('HLS_TIMEOUT', 'It timed out.');
    });
    await add(streams);
    expect(await typesUntil(streams, 'job.completed')).toEqual([
      ...['job.started', 'job.waiting', 'job.started', 'job.completed'],
    ]);
    const [, waited] = (await eventsOf(streams)).filter(({ type }) => type !== 'job.progress');
    expect(waited?.data).toMatchObject({
      state: 'waiting',
      attempt: 1,
      waiting: { code: 'HLS_TIMEOUT', message: 'It timed out.', attemptSpent: true },
    });
    expect(await statusOf(streams)).toMatchObject({ state: 'completed', attempt: '2', waiting: '', failure: '' });
  });

  it('keeps what its runs did and how each ended, without secrets', async () => {
    const streams = testStreams();
    start(streams, (_job, run) =>
      run.step('watch', () => {
        if (run.attempt < 3)
          throw new TransientStepError('HLS_TIMEOUT', 'Nothing from http://c.example/a?token=SECRET');
        return Promise.resolve();
      }),
    );
    await add(streams);
    await typesUntil(streams, 'job.completed');
    const status = await statusOf(streams);
    const runs = runsOf(status);
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(runs[0]).toMatchObject({ outcome: 'retry', code: 'HLS_TIMEOUT', step: 'watch', steps: [{ step: 'watch' }] });
    expect(runs[2]).toMatchObject({ outcome: 'completed', code: null, message: null, step: null });
    expect(JSON.stringify(status)).not.toContain('SECRET');
  });

  it('says why it failed, and which dead letter it became', async () => {
    const streams = testStreams();
    start(streams, async () => {
      throw new PermanentStepError('CAMERA_GONE', 'There is no such camera: http://u:p@c.example/a?token=SECRET');
    });
    await add(streams);
    await typesUntil(streams, 'job.failed');
    const status = await statusOf(streams);
    const [[letter] = []] = await redis.xrange(streams.dlq, '-', '+');
    expect(status).toMatchObject({ state: 'failed', letter });
    expect(JSON.parse(status['failure'] ?? '')).toMatchObject({ code: 'CAMERA_GONE' });
    expect(JSON.stringify([status, await eventsOf(streams)])).not.toContain('SECRET');
  });

  it('is told to be cancelled', async () => {
    const streams = testStreams();
    const engine = start(
      streams,
      (_job, run) =>
        new Promise((_, reject) => {
          run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
        }),
    );
    await add(streams);
    await typesUntil(streams, 'job.started');
    await engine.queue.cancel('a');
    expect(await typesUntil(streams, 'job.cancelled')).toEqual(['job.started', 'job.cancelled']);
    expect(await statusOf(streams)).toMatchObject({ state: 'cancelled' });
  });

  it('never goes back in its progress, and follows what the job says', async () => {
    const streams = testStreams();
    const gates = [promise(), promise()] as const;
    start(streams, (_job, run) =>
      run.step('watch', async () => {
        run.report(0.5, 'Half of it.');
        await gates[0].done;
        run.report(0.2, 'Less?');
        await gates[1].done;
      }),
    );
    await add(streams);
    await eventually('it is told', async () => (await statusOf(streams))['message'] === 'Half of it.');
    const half = Number((await statusOf(streams))['progress']);
    expect(half).toBeGreaterThan(0);
    gates[0].open();
    await eventually('it is told', async () => (await statusOf(streams))['message'] === 'Less?');
    expect(Number((await statusOf(streams))['progress'])).toBeGreaterThanOrEqual(half);
    gates[1].open();
    await typesUntil(streams, 'job.completed');
  });

  it('tells its end alone, with all that its start would have told, when it is over at once', async () => {
    const streams = testStreams();
    start(streams, async () => undefined);
    await add(streams);
    expect(await typesUntil(streams, 'job.completed')).toEqual(['job.completed']);
    const status = await statusOf(streams);
    expect(status).toMatchObject({
      state: 'completed',
      kind: 'test',
      cctvId: 'test',
      steps: 'watch,look',
      attempt: '1',
    });
    expect(Number(status['startedAt'])).toBeGreaterThan(0);
  });

  it('costs the others nothing: of a job that nobody asked for, nothing is written', async () => {
    const streams = testStreams();
    start(streams, async (_job, run) => run.publish({ jobId: 'b' }));
    await redis.xadd(streams.stream, '*', 'jobId', 'b');
    await eventually('it is settled', async () => (await redis.xlen(streams.results)) === 1);
    expect(
      await redis.exists(statusKey(streams.stream, 'b'), statusesKey(streams.stream), eventsKey(streams.stream)),
    ).toBe(0);
  });

  it('is settled all the same when its status cannot be written', async () => {
    const streams = testStreams();
    await redis.set(statusKey(streams.stream, 'a'), 'something else');
    start(streams, async (_job, run) => run.publish({ jobId: 'a' }));
    await add(streams);
    await eventually('it is settled', async () => (await redis.xlen(streams.results)) === 1);
    expect(await pendingOf(redis, streams)).toBe(0);
  });

  it('is forgotten in the end, and ten thousand are the most that are kept', async () => {
    const streams = testStreams();
    const many = redis.pipeline();
    for (let i = 0; i < 10_000; i += 1) {
      many.zadd(statusesKey(streams.stream), i, `old-${i}`);
      if (i < 3) many.hset(statusKey(streams.stream, `old-${i}`), 'state', 'queued');
    }
    await many.exec();
    start(streams, async () => undefined);
    await add(streams);
    await typesUntil(streams, 'job.completed');
    expect(await redis.zcard(statusesKey(streams.stream))).toBe(10_000);
    expect(await redis.exists(statusKey(streams.stream, 'old-0'))).toBe(0);
    const ttl = await redis.pttl(statusKey(streams.stream, 'a'));
    expect(ttl).toBeGreaterThan(86_000_000);
    expect(ttl).toBeLessThanOrEqual(86_400_000);
  });
});

function promise(): { done: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (open = resolve));
  return { done, open };
}
