import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { SqsBench, type SqsBenchOptions } from '../support/sqs-bench.js';
import type { SqsQueue } from '../support/sqs-server/sqs-queue.js';
import { SqsServer } from '../support/sqs-server/sqs-server.js';
import { useRedis } from '../support/use-redis.js';

const HLS = 'https://cams.example/a.m3u8';

const { server: redisServer, redis } = useRedis({ flush: true, endFirst: () => sqs.down() });
let sqs: SqsServer;
const benches: SqsBench[] = [];
let queues = 0;

beforeAll(async () => (sqs = await SqsServer.start()));

afterEach(async () => {
  sqs.heal();
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

async function start(options: SqsBenchOptions): Promise<SqsBench> {
  const bench = await SqsBench.start(sqs, redisServer.url, options);
  benches.push(bench);
  return bench;
}

/** A queue of the test's own. */
function newQueue(suffix = '', options = {}): SqsQueue {
  return sqs.queue(`jobs-${(queues += 1)}${suffix}`, options);
}

const job = (cctvId: string): string => JSON.stringify({ cctvId, hls: HLS, sec: 5 });

async function jobs(stream = 'stream:preprocess'): Promise<Record<string, string>[]> {
  return (await redis.xrange(stream, '-', '+')).map(([, flat]) => toFields(flat));
}

const isEmpty = (queue: SqsQueue) => () => queue.held.length === 0;

describe('jobs from a queue of SQS', () => {
  it('are one for each message, named after it, and the message is deleted', async () => {
    const queue = newQueue();
    const sent = Array.from({ length: 25 }, (_, i) => queue.send({ MessageBody: job(`cam-${i}`) }));
    const bench = await start({ jobs: queue.name });
    await eventually('the queue is empty', isEmpty(queue));
    const found = await jobs();
    expect(found.map(({ jobId }) => jobId).sort()).toEqual(sent.map(({ id }) => id).sort());
    expect(found[0]).toMatchObject({ hls: HLS, sec: '5', enqueuedAt: String(sent[0]!.sentAt) });
    expect(await bench.count('in', 'added')).toBe(25);
    expect(bench.said).toEqual([]);
  });

  it('go where attributes of the message say, and those of a notification of SNS', async () => {
    const queue = newQueue();
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    const kind = { kind: text('assessment'), traceparent: text(traceparent) };
    const video = { cctvId: 'a', video: 'a/b.mp4', segmentStart: '2026-01-01T00:00:00Z' };
    queue.send({ MessageBody: JSON.stringify(video), MessageAttributes: kind });
    const Type = 'Notification';
    const value = (Value: string) => ({ Type: 'String', Value });
    const MessageAttributes = { priority: value('urgent'), traceparent: value(traceparent) };
    queue.send({ MessageBody: JSON.stringify({ Type, Message: job('from-sns'), MessageAttributes }) });
    await start({ jobs: queue.name });
    await eventually('the queue is empty', isEmpty(queue));
    expect(await jobs('stream:assess')).toMatchObject([{ video: 'a/b.mp4', traceparent }]);
    expect(await jobs('stream:preprocess:high')).toMatchObject([{ cctvId: 'from-sns', hls: HLS, traceparent }]);
  });

  it('keep the order of each group of a FIFO queue, whatever fails in between', async () => {
    const queue = newQueue('.fifo');
    for (let i = 0; i < 40; i += 1) {
      const names = { MessageGroupId: `cam-${i % 3}`, MessageDeduplicationId: `m-${i}` };
      queue.send({ MessageBody: JSON.stringify({ cctvId: `cam-${i % 3}`, hls: HLS, jobId: `job-${i}` }), ...names });
    }
    sqs.fail('DeleteMessageBatch', 'cut-after', 3);
    sqs.fail('ReceiveMessage', 'broken', 3);
    await start({ jobs: queue.name });
    await eventually('the queue is empty', isEmpty(queue));
    const found = await jobs();
    expect(found).toHaveLength(40);
    for (const group of [0, 1, 2]) {
      const numbers = found
        .filter(({ cctvId }) => cctvId === `cam-${group}`)
        .map(({ jobId }) => Number(jobId?.split('-')[1]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });

  it('are one though a message comes again: duplicates, answers that were cut, a relay killed before it deleted', async () => {
    const queue = newQueue();
    for (let i = 0; i < 10; i += 1) queue.send({ MessageBody: job(`cam-${i}`) });
    sqs.fail('DeleteMessageBatch', 'broken');
    await start({ jobs: queue.name });
    await eventually('the jobs are there', async () => (await jobs()).length === 10);
    queue.showAgain();
    const other = await start({ jobs: queue.name });
    await eventually('the other one saw them', async () => (await other.count('in', 'known')) === 10);
    sqs.heal();
    sqs.fail('DeleteMessageBatch', 'cut-after', 1);
    queue.showAgain();
    await eventually('the queue is empty', isEmpty(queue));
    expect(await jobs()).toHaveLength(10);
  });

  it('are dead letters with the reason where they can never be jobs, and the queue goes on', async () => {
    const queue = newQueue('', { maxReceives: 3 });
    const { id } = queue.send({ MessageBody: 'hello' });
    queue.send({ MessageBody: JSON.stringify({ cctvId: 'a', hls: HLS, padding: 'x'.repeat(300_000) }) });
    queue.send({ MessageBody: job('good') });
    const bench = await start({ jobs: queue.name });
    await eventually('the queue is empty', isEmpty(queue));
    expect(await jobs()).toMatchObject([{ cctvId: 'good' }]);
    const letters = await jobs('stream:preprocess:dlq');
    expect(letters.map((letter) => letter['roadstream:code'])).toEqual(['BAD_JSON', 'TOO_LARGE']);
    expect(letters[0]).toMatchObject({ payload: 'hello', 'roadstream:origin': `sqs ${queue.name} ${id}` });
    expect(await bench.count('in', 'refused')).toBe(2);
    expect(queue.dead).toEqual([]);
  });

  it('are deleted one by one where SQS deletes only some, and receives no more until they are', async () => {
    const queue = newQueue();
    for (let i = 0; i < 12; i += 1) queue.send({ MessageBody: job(`cam-${i}`) });
    sqs.failEntries('cam-3', 'InternalError');
    const bench = await start({ jobs: queue.name });
    await eventually('it says so', () => bench.said.length === 1);
    expect(bench.said[0]).toContain('1 messages were not deleted (InternalError)');
    expect(queue.held).toHaveLength(3);
    sqs.heal();
    await eventually('the queue is empty', isEmpty(queue));
    expect(await jobs()).toHaveLength(12);
  });
});
