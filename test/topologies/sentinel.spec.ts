import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { RedisSentinel } from '../support/redis-sentinel.js';
import { shortChaos } from './short-chaos.js';

const JOBS = 200;
/** How long a producer waits for the replicas to have its entry. ms */
const REPLICATED_WITHIN_MS = 500;

jest.setTimeout(180_000);

describe('with Sentinel, one master and two replicas', () => {
  let sentinel: RedisSentinel;
  let redis: Redis;

  beforeAll(async () => {
    sentinel = await RedisSentinel.start();
    redis = sentinel.client();
  });
  afterAll(async () => {
    redis.disconnect();
    await sentinel.stop();
  });

  it('completes every job that the replicas held or sets it aside, though the master dies and a worker too', async () => {
    let replicas = 2;
    const disturb: Parameters<typeof shortChaos>[3] = async (fleet) => {
      await eventually('work is under way', () => fleet.done.length > 40);
      await sentinel.failOver();
      // The new master has one replica left.
      replicas = 1;
      const before = fleet.done.length;
      await eventually('work goes on', () => fleet.done.length > before + 20, 30_000);
      await fleet.kill();
      fleet.add();
    };
    // What the new master does not hold was never promised: Redis replicates after it answers.
    const isReplicated = async (): Promise<boolean> => {
      const needed = replicas;
      return (await redis.wait(needed, REPLICATED_WITHIN_MS)) >= needed;
    };
    const { accepted, done, dead } = await shortChaos(sentinel.url, redis, JOBS, disturb, isReplicated);
    expect(accepted.length).toBeGreaterThan(JOBS / 2);
    const ended = new Set([...done, ...dead]);
    expect(accepted.filter((job) => !ended.has(job))).toEqual([]);
  });
});
