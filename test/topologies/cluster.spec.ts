import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { JobProducer } from '../../src/queue/job-producer.js';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as after } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { PermanentStepError } from '../../src/job/errors.js';
import { connect } from '../../src/redis/connection.js';
import { diagnoseQueue } from '../../src/queue/diagnose/diagnose.js';
import { Link } from '../../src/redis/link.js';
import { eventually } from '../support/eventually.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { Service } from '../support/service.js';
import { GROUP, testEngine, testQueue, testStreams } from '../support/test-engine.js';
import { shortChaos } from './short-chaos.js';

const JOBS = 150;

jest.setTimeout(120_000);

describe('on Redis Cluster, three masters', () => {
  let cluster: RedisCluster;
  let redis: Cluster;

  beforeAll(async () => {
    cluster = await RedisCluster.start();
    redis = new Cluster(
      cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
      { redisOptions: { protocol: 2 } },
    );
    redis.on('error', () => undefined);
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster.stop();
  });

  it('completes every accepted job or sets it aside, though a worker is killed and a master dies and comes back', async () => {
    const { accepted, done, dead } = await shortChaos(cluster.url, redis, JOBS, async (fleet, stream) => {
      await eventually('work is under way', () => fleet.done.length > 20);
      await fleet.kill();
      fleet.add();
      await eventually('more work is done', () => fleet.done.length > 50);
      const node = await cluster.nodeOf(stream);
      await node.down('SIGKILL');
      await after(1_000);
      await node.up();
    });
    expect(accepted.length).toBeGreaterThan(JOBS / 2);
    const ended = new Set([...done, ...dead]);
    expect(accepted.filter((job) => !ended.has(job))).toEqual([]);
    expect(dead.filter((job) => done.includes(job))).toEqual([]);
  });

  it('cancels, pauses, sets aside, redrives, tidies, counts and stops as on one server', async () => {
    const streams = testStreams();
    const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
    const connection = connect({ url: cluster.url }, 'commands');
    const letters = new DeadLetters(connection, names);
    const ran: string[] = [];
    const { worker, queue, admission } = testEngine(testQueue(cluster.url, streams), async ({ jobId }) => {
      ran.push(jobId);
      if (jobId === 'hopeless' && ran.length < 3) throw new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.');
    });
    worker.start();
    await queue.open();
    await queue.pauseGroup(true);
    await eventually('it holds back', () => !admission.open);
    for (const jobId of ['cancelled', 'hopeless']) await redis.xadd(streams.stream, '*', 'jobId', jobId);
    await queue.cancel('cancelled');
    await queue.pauseGroup(false);
    await eventually('a dead letter', async () => (await redis.xlen(streams.dlq)) === 1);
    expect(ran).toEqual(['hopeless']);
    await redis.xadd(streams.high, '*', 'jobId', 'urgent');
    await eventually('the urgent one', () => ran.includes('urgent'));
    expect(await letters.redrive({})).toBe(1);
    await eventually('it ran again', () => ran.length === 3);
    await eventually('nothing is pending', async () =>
      (await queue.stats()).lanes.every(({ pending }) => pending === 0),
    );
    expect(await queue.tidy()).toEqual({ trimmed: 0, consumersRemoved: 0 });
    expect(await queue.misdirectedProducers()).toEqual([]);
    const found = await diagnoseQueue({ url: cluster.url }, names);
    expect(found.filter(({ level }) => level === 'fail')).toEqual([]);
    await worker.drain();
    await queue.close();
    connection.disconnect();
  });

  it('adds a job once and publishes what it found as on one server', async () => {
    const streams = testStreams();
    const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
    const link = new Link(connect({ url: cluster.url }, 'producer'));
    const producer = new JobProducer(link, names);
    const job = { lane: 'urgent', once: 'c:10:00', rememberMs: 60_000, fields: { jobId: 'a' } } as const;
    const added = await Promise.all([producer.addOnce(job), producer.addOnce({ ...job, lane: 'plain' })]);
    expect(added.filter((id) => id !== undefined)).toHaveLength(1);
    const { worker, queue } = testEngine(testQueue(cluster.url, streams), async ({ jobId }, run) => {
      run.publish({ jobId });
    });
    worker.start();
    await eventually('a result', async () => (await redis.xlen(streams.results)) === 1);
    await worker.drain();
    await queue.close();
    await link.close();
  });

  it('ends the start with a sentence when the streams do not share a slot, and doctor says the same', async () => {
    const service = await Service.launch({ REDIS_URL: cluster.url });
    expect(await service.end()).toBe(1);
    expect(JSON.parse(service.output)).toMatchObject({
      ...{ level: 'fatal', code: 'STREAMS_APART' },
      message: expect.stringMatching(/^On Redis Cluster all streams .* REDIS_STREAM=\{stream:preprocess\}, /),
    });
    const names = {
      lanes: ['stream:preprocess:high', 'stream:preprocess'],
      dlq: 'stream:preprocess:dlq',
      group: GROUP,
    };
    expect(await diagnoseQueue({ url: cluster.url }, names)).toContainEqual(
      expect.objectContaining({ subject: 'streams', level: 'fail' }),
    );
  });
});
