import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { slotOf } from '../../src/queue/one-slot.js';
import { EventsApp } from '../events/events-app.js';
import { eventually } from '../support/eventually.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisSentinel } from '../support/redis-sentinel.js';
import { SseReader } from '../support/sse-reader.js';

jest.setTimeout(120_000);

/** Two kinds of jobs whose streams lie in slots of different masters. */
const [INSPECTIONS, ASSESSMENTS] = ['{a}', '{b}'];
const STREAMS = {
  ...{ REDIS_STREAM: INSPECTIONS, REDIS_STREAM_HIGH: '{a}:high', REDIS_DLQ_STREAM: '{a}:dlq' },
  ...{ RESULTS_STREAM: '{a}:results', ASSESS_STREAM: ASSESSMENTS, ASSESS_STREAM_HIGH: '{b}:high' },
  ...{ ASSESS_DLQ_STREAM: '{b}:dlq', ASSESS_RESULTS_STREAM: '{b}:results' },
};

describe('events on Redis Cluster', () => {
  let cluster: RedisCluster;
  let app: EventsApp;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
    app = await EventsApp.start(cluster.url, STREAMS);
  });
  afterAll(async () => {
    await app.stop();
    await cluster.stop();
  });

  it('of kinds in different slots come in one stream, and who comes back is told what it missed of each', async () => {
    expect(slotOf(INSPECTIONS)).not.toBe(slotOf(ASSESSMENTS));
    const tell = async (jobId: string): Promise<void> => {
      for (const main of [INSPECTIONS, ASSESSMENTS])
        await app.tell({ type: 'job.completed', jobId, data: { jobId } }, main);
    };
    const url = `${app.url}/api/v1/events`;
    const reader = await SseReader.open(url);
    await eventually('it hears of both', async () => {
      await tell('probe');
      return new Set(
        reader.events.map(({ id }) =>
          id
            .split('~')
            .map((part) => part !== '0-0')
            .join(),
        ),
      ).has('true,true');
    });
    const count = reader.events.length;
    await tell('a');
    await eventually('both', () => reader.events.filter(({ data }) => data['jobId'] === 'a').length === 2);
    expect(reader.events.length).toBeGreaterThanOrEqual(count + 2);
    reader.close();
    await tell('b');
    const again = await SseReader.open(url, { 'Last-Event-ID': reader.lastId ?? '' });
    await again.count(2);
    await tell('c');
    await again.count(4);
    expect(again.events.map(({ data }) => data['jobId'])).toEqual(['b', 'b', 'c', 'c']);
    again.close();
  });
});

describe('events with Sentinel', () => {
  let sentinel: RedisSentinel;
  let app: EventsApp;

  beforeAll(async () => {
    sentinel = await RedisSentinel.start();
    app = await EventsApp.start(sentinel.url);
  });
  afterAll(async () => {
    await app.stop();
    await sentinel.stop();
  });

  it('go on after a failover, in the same stream, without one missed or told twice', async () => {
    const redis = sentinel.client();
    const tell = async (jobId: string): Promise<void> => {
      const data = JSON.stringify({ jobId });
      await redis.xadd('{stream:preprocess}:events', '*', 'type', 'job.completed', 'jobId', jobId, 'data', data);
    };
    const reader = await SseReader.open(`${app.url}/api/v1/events`);
    await eventually('it hears', async () => {
      await tell('probe');
      return reader.events.length > 0;
    });
    await tell('before');
    await redis.wait(2, 5_000);
    await reader.first('what came before', ({ data }) => data['jobId'] === 'before');
    await sentinel.failOver();
    await tell('after');
    await reader.first('what came after', ({ data }) => data['jobId'] === 'after');
    const told = reader.events.map(({ data }) => data['jobId']).filter((id) => id !== 'probe');
    expect(told).toEqual(['before', 'after']);
    expect(reader.isOver).toBe(false);
    redis.disconnect();
    reader.close();
  });
});
