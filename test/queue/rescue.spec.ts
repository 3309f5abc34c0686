import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as after } from 'node:timers/promises';
import type { Engine } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testEngine, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();

describe('rescue beside a backlog', () => {
  let engine: Engine | undefined;

  afterEach(async () => {
    await engine?.worker.drain();
    await engine?.queue.close();
  });

  async function leaveOrphans(streams: TestStreams, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `orphan-${i}`);
    await redis.xgroup('CREATE', streams.stream, GROUP, '0');
    await redis.xreadgroup('GROUP', GROUP, 'dead', 'COUNT', count, 'STREAMS', streams.stream, '>');
  }

  it('takes up what dead workers left before new work, although its only slot is never free for long', async () => {
    const streams = testStreams();
    await leaveOrphans(streams, 3);
    for (let i = 0; i < 200; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `new-${i}`);
    const ran: string[] = [];
    const work = async ({ jobId }: { jobId: string }): Promise<void> => {
      ran.push(jobId);
      await after(70);
    };
    engine = testEngine(testQueue(server.url, streams), work, { settings: { concurrency: 1 } });
    engine.worker.start();
    const orphans = (): number[] => ran.flatMap((jobId, i) => (jobId.startsWith('orphan') ? [i] : []));
    await eventually('the orphans ran', () => orphans().length === 3);
    const [first = 0, , last = 0] = orphans();
    expect(last - first).toBe(2);
    expect(ran.length).toBeLessThan(100);
  });
});
