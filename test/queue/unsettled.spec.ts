import { describe, expect, it } from '@jest/globals';
import { assemble } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { silentEvents } from '../support/silent-events.js';
import { TEST_SETTINGS, TestHandler, testQueue, testStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const CONCURRENCY = 2;
const JOBS = 50;

const { server, redis } = useRedis();

describe('a worker that can settle nothing', () => {
  it('claims no more than its slots hold, and settles all of it when it can', async () => {
    const streams = testStreams();
    let failures = 0;
    const settled: string[] = [];
    const handler = new TestHandler((job, run) => Promise.resolve(run.publish({ jobId: job.jobId })));
    const engine = assemble(
      { ...TEST_SETTINGS, concurrency: CONCURRENCY },
      testQueue(server.url, streams),
      handler,
      silentEvents({
        settleFailed: () => (failures += 1),
        settled: ({ job }, { kind }) => settled.push(`${job?.jobId} ${kind}`),
      }),
    );
    engine.worker.start();
    await eventually('it is open', () => redis.exists(streams.stream).then(Boolean));
    await redis.set(streams.results, 'no stream');
    for (let i = 0; i < JOBS; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `${i}`);
    await eventually('it tries again and again', () => failures > 5 * CONCURRENCY);
    expect(engine.inHand.size).toBeLessThanOrEqual(2 * CONCURRENCY);
    expect(settled).toEqual([]);
    await redis.del(streams.results);
    await eventually('all is settled', () => settled.length === JOBS);
    expect(new Set(settled).size).toBe(JOBS);
    expect(await redis.xlen(streams.results)).toBe(JOBS);
    await engine.worker.drain();
    await engine.queue.close();
  });

  it('does not settle again what is settled because telling of it failed', async () => {
    const streams = testStreams();
    const queue = testQueue(server.url, streams);
    let told = 0;
    const work = (): Promise<void> => Promise.resolve();
    const events = silentEvents({
      settled: () => {
        told += 1;
        throw new Error('The log is full.');
      },
    });
    const engine = assemble(TEST_SETTINGS, queue, new TestHandler(work), events);
    engine.worker.start();
    await redis.xadd(streams.stream, '*', 'jobId', 'a');
    await eventually('it is told', () => told > 0);
    await redis.xadd(streams.stream, '*', 'jobId', 'b');
    await eventually('the next one is told', () => told > 1);
    expect(told).toBe(2);
    expect(engine.inHand.size).toBe(0);
    await engine.worker.drain();
    await queue.close();
  });
});
