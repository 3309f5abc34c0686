import { beforeAll, describe, expect, it } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import type { IncomingMessage } from '../../src/relay/incoming-message.js';
import type { JobsIn } from '../../src/relay/jobs-in.js';
import { RelayBench } from '../support/relay-bench.js';
import { useRedis } from '../support/use-redis.js';

const HLS = 'https://cams.example/a.m3u8?token=secret';
const SENT_AT = Date.UTC(2026, 0, 2);

const { server, redis } = useRedis({ flush: true, endFirst: () => bench.close() });
let bench: RelayBench;
let jobs: JobsIn;

beforeAll(async () => {
  bench = await RelayBench.on(server.url);
  jobs = bench.base.jobsIn('sqs roads');
});

const message = (id: string, body: unknown, attributes: IncomingMessage['attributes'] = {}): IncomingMessage => ({
  ...{ id, attributes, sentAt: SENT_AT },
  body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

async function entries(stream: string): Promise<Record<string, string>[]> {
  return (await redis.xrange(stream, '-', '+')).map(([, flat]) => toFields(flat));
}

describe('jobs by messages', () => {
  it('come to the stream of their kind and lane, named after the message and as old as it', async () => {
    expect(await jobs.take(message('m-1', { cctvId: 'a', hls: HLS, sec: 5 }))).toBe('added');
    expect(await jobs.take(message('m-2', { cctv_id: 'a', hls: HLS, jobId: 'own', priority: 'urgent' }))).toBe('added');
    const segment = { kind: 'assessment', cctvId: 'a', video: 'a/b.mp4', segmentStart: '2026-01-01T00:00:00Z' };
    expect(await jobs.take(message('m-3', segment))).toBe('added');
    expect(await entries('stream:preprocess')).toEqual([
      { jobId: 'm-1', enqueuedAt: String(SENT_AT), cctvId: 'a', hls: HLS, sec: '5' },
    ]);
    expect(await entries('stream:preprocess:high')).toMatchObject([{ jobId: 'own', cctvId: 'a' }]);
    expect(await entries('stream:assess')).toMatchObject([{ jobId: 'm-3', video: 'a/b.mp4' }]);
  });

  it('are read from whatever a producer of streams writes, and as attributes say', async () => {
    const json = JSON.stringify({ cctvId: 'a', hls: HLS });
    const bodies = [
      json,
      JSON.stringify(json),
      Buffer.from(json).toString('base64'),
      { payload: json },
      { data: { cctvId: 'a', hls: HLS } },
    ];
    for (const [i, body] of bodies.entries())
      expect(await jobs.take(message(`m-${i}`, body, { kind: 'inspection', priority: 'high' }))).toBe('added');
    const found = await entries('stream:preprocess:high');
    expect(found.map(({ cctvId, hls }) => ({ cctvId, hls }))).toEqual(bodies.map(() => ({ cctvId: 'a', hls: HLS })));
  });

  it('keep the trace of their message, that of an attribute first, and none that is no trace', async () => {
    const [one, other] = ['1', '2'].map((digit) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`) as [string, string];
    const body = { cctvId: 'a', hls: HLS, traceparent: one };
    await jobs.take(message('m-1', body));
    await jobs.take(message('m-2', body, { traceparent: other }));
    await jobs.take(message('m-3', { cctvId: 'a', hls: HLS }, { traceparent: 'nonsense' }));
    const found = await entries('stream:preprocess');
    expect(found.map(({ traceparent }) => traceparent)).toEqual([one, other, undefined]);
  });

  it('are made once however often a message comes, and are not remembered for long once its source let go', async () => {
    const one = message('m-1', { cctvId: 'a', hls: HLS });
    const taken = await Promise.all([jobs.take(one), jobs.take(one), jobs.take(one)]);
    expect([...taken].sort()).toEqual(['added', 'known', 'known']);
    expect(await entries('stream:preprocess')).toHaveLength(1);
    const [marker] = await redis.keys('*once:sqs roads m-1');
    expect(await redis.pttl(marker!)).toBeGreaterThan(3_600_000);
    await jobs.letGo([one]);
    expect(await redis.pttl(marker!)).toBeLessThanOrEqual(600_000);
    expect(await jobs.take(one)).toBe('known');
  });

  it.each([
    ['text', 'hello', 'BAD_JSON', 'stream:preprocess:dlq'],
    ['a list', '[1]', 'BAD_JSON', 'stream:preprocess:dlq'],
    ['nothing', '', 'BAD_JSON', 'stream:preprocess:dlq'],
    ['bytes', Buffer.from([0xac, 0xed, 0, 5, 0x74]), 'JDK_SERIALIZED', 'stream:preprocess:dlq'],
    ['no camera', { hls: HLS }, 'MISSING_FIELD', 'stream:preprocess:dlq'],
    ['an assessment without a video', { kind: 'assessment', cctvId: 'a' }, 'MISSING_FIELD', 'stream:assess:dlq'],
    ['a kind that is not', { kind: 'cake', cctvId: 'a', hls: HLS }, 'KIND_UNKNOWN', 'stream:preprocess:dlq'],
    [
      'lists in lists',
      `{"cctvId":"a","hls":"${HLS}","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      'BAD_JSON',
      'stream:preprocess:dlq',
    ],
    ['300 kB', { cctvId: 'a', hls: HLS, padding: 'x'.repeat(300_000) }, 'TOO_LARGE', 'stream:preprocess:dlq'],
  ])(
    'are dead letters once, with the reason and the source, where they can never be: %s',
    async (_, body, code, dlq) => {
      const poison = message('m-9', body);
      expect(await jobs.take(poison)).toBe('refused');
      expect(await jobs.take(poison)).toBe('known');
      const [letter, ...others] = await entries(dlq);
      expect(others).toEqual([]);
      expect(letter).toMatchObject({
        payload: poison.body.toString(),
        'roadstream:code': code,
        'roadstream:origin': 'sqs roads m-9',
        'roadstream:worker': 'a-relay',
        'roadstream:firstAt': '2026-01-02T00:00:00.000Z',
      });
      expect(letter!['roadstream:message']).toContain('It came as message m-9 from sqs roads.');
      expect(letter!['roadstream:message']).not.toContain('secret');
      expect(await redis.keys('stream:preprocess*')).not.toContain('stream:preprocess');
      expect(await redis.hgetall('{stream:' + (dlq.includes('assess') ? 'assess' : 'preprocess') + '}:dead')).toEqual({
        [code]: '1',
      });
    },
  );

  it('hold no field that is ours: nobody outside puts a job off, or passes it for another one', async () => {
    const forged = {
      'roadstream:not_before': '8000000000000',
      'roadstream:source': '1-0',
      'roadstream:deliveries': '99',
    };
    expect(await jobs.take(message('m-1', { cctvId: 'a', hls: HLS, ...forged }))).toBe('added');
    expect(Object.keys((await entries('stream:preprocess'))[0]!)).toEqual(['jobId', 'enqueuedAt', 'cctvId', 'hls']);
  });

  it('that name two receivers are refused without what their URLs hold', async () => {
    const two = { webhook: 'https://desk.example/(1)?key=secret', payload: { webhook: 'desk.example?key=secret' } };
    expect(await jobs.take(message('m-1', { cctvId: 'a', hls: HLS, ...two }))).toBe('refused');
    const [letter] = await entries('stream:preprocess:dlq');
    expect(letter).toMatchObject({ 'roadstream:code': 'DUPLICATE_FIELD' });
    expect(letter!['roadstream:message']).not.toContain('secret');
  });

  it('that are larger than anything that is kept leave a letter without them', async () => {
    expect(await jobs.take(message('m-1', 'x'.repeat(1_100_000)))).toBe('refused');
    expect((await entries('stream:preprocess:dlq'))[0]).not.toHaveProperty('payload');
  });

  it('wait at their source while Redis is away, and while it holds 10,000 that nobody was given', async () => {
    expect(await jobs.hasRoom()).toBe(true);
    const fill = async (stream: string) => {
      const pipeline = redis.pipeline();
      for (let i = 0; i < 10_000; i += 1) pipeline.xadd(stream, '*', 'a', 'b');
      await pipeline.exec();
    };
    // A receiver that is dead keeps no job out.
    await fill('stream:webhooks');
    expect(await bench.base.jobsIn('a third').hasRoom()).toBe(true);
    await fill('stream:preprocess');
    expect(await bench.base.jobsIn('another').hasRoom()).toBe(false);
    await server.down();
    const taking = jobs.take(message('m-1', { cctvId: 'a', hls: HLS }));
    await expect(taking).rejects.toMatchObject({ code: 'NOT_ENQUEUED' });
    await server.up();
    expect(await jobs.take(message('m-1', { cctvId: 'a', hls: HLS }))).toBe('added');
  });
});
