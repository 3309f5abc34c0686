import { JobProducer, type NewJob } from '../../src/queue/job-producer.js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { GROUP, testEngine, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const JOB: NewJob = { lane: 'plain', once: 'cctv_001:10:00', rememberMs: 60_000, fields: { cctvId: 'cctv_001' } };

const { server, redis } = useRedis();

describe('a producer of jobs', () => {
  const links: Link[] = [];

  afterEach(() => Promise.all(links.splice(0).map((link) => link.close())));

  function producerOf(streams: TestStreams): JobProducer {
    const link = new Link(connect({ url: server.url }, 'producer'));
    links.push(link);
    return new JobProducer(link, { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP });
  }

  it('adds a job to the lane it names, and remembers the name for as long as it was told', async () => {
    const streams = testStreams();
    const producer = producerOf(streams);
    const id = await producer.addOnce(JOB);
    expect(await redis.xrange(streams.stream, '-', '+')).toEqual([[id, ['cctvId', 'cctv_001']]]);
    const urgent = await producer.addOnce({ ...JOB, lane: 'urgent', once: 'other' });
    expect(await redis.xrange(streams.high, '-', '+')).toEqual([[urgent, ['cctvId', 'cctv_001']]]);
    const [marker] = await redis.keys(`${streams.stream}:once:cctv_001*`);
    const leftMs = await redis.pttl(String(marker));
    expect(leftMs).toBeGreaterThan(50_000);
    expect(leftMs).toBeLessThanOrEqual(JOB.rememberMs);
  });

  it('adds no second one under the same name, in whichever lane, until the name is forgotten', async () => {
    const streams = testStreams();
    const producer = producerOf(streams);
    await producer.addOnce({ ...JOB, rememberMs: 200 });
    expect(await producer.addOnce(JOB)).toBeUndefined();
    expect(await producer.addOnce({ ...JOB, lane: 'urgent' })).toBeUndefined();
    await eventually('the name is forgotten', async () => (await producer.addOnce(JOB)) !== undefined);
    expect([await redis.xlen(streams.stream), await redis.exists(streams.high)]).toEqual([2, 0]);
  });

  it('adds each job once though three producers add all of them at once', async () => {
    const streams = testStreams();
    const names = Array.from({ length: 100 }, (_unused, i) => `camera-${i}`);
    const added = await Promise.all(
      [1, 2, 3].map(async () => {
        const producer = producerOf(streams);
        const jobs = names.map((once) => producer.addOnce({ ...JOB, once, fields: { jobId: once } }));
        return (await Promise.all(jobs)).filter((id) => id !== undefined).length;
      }),
    );
    expect(added.reduce((sum, count) => sum + count)).toBe(100);
    const entries = await redis.xrange(streams.stream, '-', '+');
    expect(entries.map(([, [, name]]) => name).sort()).toEqual([...names].sort());
  });

  it('adds jobs that an engine runs, the urgent ones first', async () => {
    const streams = testStreams();
    const producer = producerOf(streams);
    for (const lane of ['plain', 'urgent'] as const)
      await producer.addOnce({ ...JOB, once: lane, fields: { jobId: lane }, lane });
    const ran: string[] = [];
    const { worker, queue } = testEngine(testQueue(server.url, streams), async ({ jobId }) => void ran.push(jobId), {
      settings: { concurrency: 1 },
    });
    worker.start();
    await eventually('both ran', () => ran.length === 2);
    await worker.drain();
    await queue.close();
    expect(ran).toEqual(['urgent', 'plain']);
  });

  it('rejects with a sentence while Redis is away, and goes on when it is back', async () => {
    const other = await RedisServer.start();
    const link = new Link(connect({ url: other.url }, 'producer'));
    const producer = new JobProducer(link, { lanes: ['jobs'], dlq: 'dlq', group: GROUP });
    await producer.addOnce(JOB);
    await other.down('SIGKILL');
    await expect(producer.addOnce(JOB)).rejects.toMatchObject({
      kind: 'transient',
      code: 'NOT_ENQUEUED',
      message: expect.stringMatching(/^A job could not be added to jobs \(.+\): check that Redis is there\.$/),
    });
    await other.up();
    const again = await eventually('it is added', () => producer.addOnce(JOB).catch(() => undefined));
    expect(again).toMatch(/^\d+-0$/);
    await link.close();
    await other.stop();
  });
});
