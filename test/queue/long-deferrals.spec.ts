import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../src/queue/job-queue.js';
import type { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testQueue, testStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();
const VISIBILITY_MS = 500;
const DELAY_MS = 4 * VISIBILITY_MS;

const open: RedisJobQueue[] = [];
afterEach(async () => {
  for (const queue of open.splice(0)) await queue.close();
});

async function queueOn(streams: ReturnType<typeof testStreams>): Promise<RedisJobQueue> {
  const queue = testQueue(server.url, streams, randomUUID(), VISIBILITY_MS);
  open.push(queue);
  await queue.open();
  return queue;
}

describe('a deferral that is longer than the visibility timeout', () => {
  it('lasts as long as it was asked for, whoever looks meanwhile, and after its worker is gone', async () => {
    const streams = testStreams();
    const [first, second] = [await queueOn(streams), await queueOn(streams)];
    await redis.xadd(streams.stream, '*', 'cctvId', 'c');
    const [delivery] = await first.claim(1, 1_000);
    const deferredAt = Date.now();
    await first.defer(delivery!, { delayMs: DELAY_MS, spent: true });
    await open.shift()!.close();

    const look = async (): Promise<Delivery | undefined> => (await second.rescue(1)).deliveries[0];
    const again = await eventually('it comes due', look);
    expect(Date.now() - deferredAt).toBeGreaterThanOrEqual(DELAY_MS);
    expect(again).toMatchObject({ entryId: delivery!.entryId, deliveries: 2 });
    await second.complete(again);
    expect(((await redis.xpending(streams.stream, GROUP)) as [number])[0]).toBe(0);
  });

  it('lasts over the making of a new group', async () => {
    const streams = testStreams();
    const queue = await queueOn(streams);
    await redis.xadd(streams.stream, '*', 'cctvId', 'c');
    const [delivery] = await queue.claim(1, 1_000);
    const deferredAt = Date.now();
    await queue.defer(delivery!, { delayMs: DELAY_MS, spent: true });
    await redis.xgroup('DESTROY', streams.stream, GROUP);
    await eventually('it comes due', async () => (await queue.rescue(1)).deliveries[0]);
    expect(Date.now() - deferredAt).toBeGreaterThanOrEqual(DELAY_MS);
  });
});
