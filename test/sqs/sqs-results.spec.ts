import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { SqsBench, type SqsBenchOptions } from '../support/sqs-bench.js';
import type { HeldMessage, QueueOptions, SqsQueue } from '../support/sqs-server/sqs-queue.js';
import { SqsServer } from '../support/sqs-server/sqs-server.js';
import { useRedis } from '../support/use-redis.js';

const RESULTS = 'stream:preprocess:results';
const KINDS = [RESULTS, 'stream:assess:results'];

const { server: redisServer, redis } = useRedis({ flush: true, endFirst: () => sqs.down() });
let sqs: SqsServer;
const benches: SqsBench[] = [];
let queues = 0;

beforeAll(async () => (sqs = await SqsServer.start()));

afterEach(async () => {
  sqs.heal();
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

/** A relay of results to a queue of the test's own, once it reads. */
async function start(suffix = '', options: QueueOptions = {}, more: SqsBenchOptions = {}) {
  const queue = sqs.queue(`results-${(queues += 1)}${suffix}`, options);
  const bench = await SqsBench.start(sqs, redisServer.url, { results: queue.name, ...more });
  benches.push(bench);
  for (const stream of KINDS) await eventually('it reads', async () => (await groups(stream)).includes('relay-sqs'));
  return { queue, bench };
}

async function groups(stream: string): Promise<unknown[]> {
  return ((await redis.xinfo('GROUPS', stream).catch(() => [])) as unknown[][]).flat();
}

const publish = (fields: Record<string, string>, stream = RESULTS) =>
  redis.xadd(stream, '*', ...Object.entries(fields).flat());

async function leftOver(): Promise<number> {
  const [pending] = (await redis.xpending(RESULTS, 'relay-sqs')) as [number];
  return pending;
}

const bodies = ({ sent }: Pick<SqsQueue, 'sent'>) =>
  sent.map(({ MessageBody }: HeldMessage) => JSON.parse(MessageBody) as Record<string, unknown>);

describe('results to a queue of SQS', () => {
  it('are JSON with numbers as numbers, and say in attributes what to filter by', async () => {
    const { queue, bench } = await start();
    const id = await publish({
      jobId: 'a',
      cctvId: 'cam',
      detections: '3',
      outcome: 'completed',
      'roadstream:entry': 'x',
      tracked: '1',
    });
    await publish(
      { jobId: 'b', cctvId: 'cam', outcome: 'failed', message: 'odd \ufffe \u0001' },
      'stream:assess:results',
    );
    await eventually('both are there', () => queue.sent.length === 2);
    const found = bodies(queue).sort((a, b) => String(a['jobId']).localeCompare(String(b['jobId'])));
    expect(found[0]).toEqual({
      kind: 'inspection',
      resultId: id,
      jobId: 'a',
      cctvId: 'cam',
      detections: 3,
      outcome: 'completed',
    });
    expect(found[1]).toMatchObject({ kind: 'assessment', jobId: 'b', outcome: 'failed', message: 'odd \ufffe \u0001' });
    expect(queue.sent.map(({ MessageAttributes }) => MessageAttributes?.['outcome']?.StringValue).sort()).toEqual([
      'completed',
      'failed',
    ]);
    expect(
      queue.sent.every(({ MessageBody }) => !['\ufffe', '\u0001'].some((character) => MessageBody.includes(character))),
    ).toBe(true);
    expect(bench.said).toEqual([]);
  });

  it('keep each camera together in a FIFO queue, and are there once though the answer was cut', async () => {
    const { queue } = await start('.fifo');
    sqs.fail('SendMessageBatch', 'cut-after', 3);
    for (let i = 0; i < 24; i += 1) await publish({ jobId: `job-${i}`, cctvId: `cam-${i % 2}` });
    await eventually('all are done with', async () => queue.sent.length >= 24 && (await leftOver()) === 0);
    expect(bodies(queue).map(({ jobId }) => jobId)).toEqual(Array.from({ length: 24 }, (_, i) => `job-${i}`));
    expect(new Set(queue.sent.map(({ MessageGroupId }) => MessageGroupId))).toEqual(new Set(['cam-0', 'cam-1']));
  });

  it('are sent again where SQS took some of a batch, and those only', async () => {
    const { queue, bench } = await start();
    sqs.failEntries('job-3', 'InternalError');
    const adding = redis.multi();
    for (let i = 0; i < 10; i += 1) adding.xadd(RESULTS, '*', 'jobId', `job-${i}`);
    await adding.exec();
    await eventually('it says so', () => bench.said.length === 1);
    expect(bench.said[0]).toContain('not every result was taken (InternalError)');
    sqs.heal();
    await eventually('all are done with', async () => queue.sent.length >= 10 && (await leftOver()) === 0);
    expect(
      bodies(queue)
        .map(({ jobId }) => jobId)
        .sort(),
    ).toEqual(Array.from({ length: 10 }, (_, i) => `job-${i}`));
  });

  it('of 300 kB go alone, and those that SQS never takes are given up while the others go on', async () => {
    const { queue, bench } = await start('', { maxBytes: 400_000 });
    await publish({ jobId: 'large', road: 'x'.repeat(300_000) });
    await publish({ jobId: 'too-large', road: 'x'.repeat(500_000) });
    await publish({ jobId: 'small' });
    await eventually('all are done with', async () => queue.sent.length >= 2 && (await leftOver()) === 0);
    expect(bodies(queue).map(({ jobId }) => jobId)).toEqual(['large', 'small']);
    expect(bench.said).toEqual([expect.stringContaining('SQS never takes the result of the inspection too-large')]);
    expect(await bench.count('out', 'refused')).toBe(1);
  });

  it('of more than 1 MiB are given up, and those behind them go on', async () => {
    const { queue, bench } = await start();
    await publish({ jobId: 'huge', road: 'x'.repeat(1_100_000) });
    await publish({ jobId: 'next' });
    await eventually('the next one is there', () => bodies(queue).some(({ jobId }) => jobId === 'next'));
    expect(bodies(queue).map(({ jobId }) => jobId)).toEqual(['next']);
    await eventually('nothing is left in hand', async () => (await leftOver()) === 0);
    expect(bench.said.join(' ')).toContain('SQS never takes the result of the inspection huge');
  });

  it('wait in Redis while the queue is away, one batch in hand', async () => {
    const { queue, bench } = await start();
    await sqs.down();
    for (let i = 0; i < 30; i += 1) await publish({ jobId: `job-${i}` });
    await eventually('it says so', () => bench.said.length === 1);
    expect(bench.said[0]).toContain('SendMessageBatch to');
    expect(await leftOver()).toBeLessThanOrEqual(10);
    await sqs.up();
    await eventually('all are done with', async () => queue.sent.length >= 30 && (await leftOver()) === 0, 25_000);
    expect(bodies(queue).map(({ jobId }) => jobId)).toEqual(Array.from({ length: 30 }, (_, i) => `job-${i}`));
    expect(bench.said[1]).toMatch(/^can send results to sqs again/);
  });
});
