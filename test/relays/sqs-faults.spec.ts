import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { QUICK, SqsBench, type SqsBenchOptions } from '../support/sqs-bench.js';
import type { SqsQueue } from '../support/sqs-server/sqs-queue.js';
import { SqsServer, type Fault } from '../support/sqs-server/sqs-server.js';

const STREAM = 'stream:preprocess';
const RESULTS = 'stream:preprocess:results';
const HLS = 'https://cams.example/a.m3u8';

const redisServer = new RedisServer('--appendonly', 'yes', '--appendfsync', 'always');
const redis = redisServer.client();
const benches: SqsBench[] = [];
let sqs: SqsServer;
let queues = 0;

beforeAll(() => redisServer.up());

beforeEach(async () => {
  sqs = await SqsServer.start();
  await redis.flushall();
});

afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
  await sqs.down();
});

afterAll(() => redisServer.stop());

async function start(options: SqsBenchOptions): Promise<SqsBench> {
  const bench = await SqsBench.start(sqs, redisServer.url, { pace: { ...QUICK, visibilitySeconds: 1 }, ...options });
  benches.push(bench);
  return bench;
}

function newQueue(): SqsQueue {
  return sqs.queue(`queue-${(queues += 1)}`);
}

function sendJobs(queue: SqsQueue, count: number, from = 0): void {
  for (let i = from; i < from + count; i += 1)
    queue.send({ MessageBody: JSON.stringify({ cctvId: `cam-${i % 7}`, hls: HLS, jobId: `job-${i}` }) });
}

async function jobIds(stream = STREAM): Promise<string[]> {
  return (await redis.xrange(stream, '-', '+')).map(([, flat]) => toFields(flat)['jobId'] as string);
}

const named = (count: number): string[] => Array.from({ length: count }, (_, i) => `job-${i}`).sort();

describe('jobs and results by SQS', () => {
  it('are not doubled when Redis dies between the job and the deletion', async () => {
    const queue = newQueue();
    sqs.fail('DeleteMessageBatch', 'broken');
    sendJobs(queue, 10);
    const first = await start({ jobs: queue.name });
    await eventually('the jobs are there', async () => (await redis.xlen(STREAM)) === 10);
    await redisServer.down('SIGKILL');
    // The relay goes as well; what it had comes again by itself.
    await first.stop();
    benches.length = 0;
    await redisServer.up();
    sqs.heal();
    await start({ jobs: queue.name });
    await eventually('the queue is empty', () => queue.held.length === 0);
    expect((await jobIds()).sort()).toEqual(named(10));
  });

  it('wait while SQS is away for long, and are all there once it is back, each once', async () => {
    const [jobs, results] = [newQueue(), newQueue()];
    const bench = await start({ jobs: jobs.name, results: results.name });
    await eventually('it reads', async () => (await redis.exists(RESULTS)) === 1);
    await sqs.down();
    sendJobs(jobs, 60);
    // All at once: the batch in hand is a full one, and each try of it counts ten.
    const adds = redis.multi();
    for (let i = 0; i < 60; i += 1) adds.xadd(RESULTS, '*', 'jobId', `job-${i}`);
    await adds.exec();
    await eventually('it tried both ways again and again', async () => {
      const [taking, sending] = [await bench.count('in', 'failed'), await bench.count('out', 'failed')];
      return (taking ?? 0) > 10 && (sending ?? 0) > 20;
    });
    expect(bench.said.filter((sentence) => sentence.startsWith('cannot'))).toHaveLength(2);
    await sqs.up();
    await eventually('all is where it belongs', () => jobs.held.length === 0 && results.sent.length >= 60, 30_000);
    expect((await jobIds()).sort()).toEqual(named(60));
    const sent = results.sent.map(({ MessageBody }) => (JSON.parse(MessageBody) as { jobId: string }).jobId);
    expect(sent.sort()).toEqual(named(60));
    expect(bench.said.filter((sentence) => sentence.startsWith('can '))).toHaveLength(2);
  });

  it('are all there, each job once, whatever breaks: calls, answers, Redis, relays, and duplicates on top', async () => {
    const [jobs, results] = [newQueue(), newQueue()];
    const names = { jobs: jobs.name, results: results.name };
    await start(names);
    await start(names);
    await eventually('they read', async () => (await redis.exists(RESULTS)) === 1);
    const faults: Fault[] = [
      'cut',
      'cut-after',
      'broken',
      'throttled',
      'unavailable',
      'cut-after',
      'expired',
      'bad-md5',
    ];
    for (const [round, fault] of faults.entries()) {
      sqs.fail('any', fault, 4);
      sendJobs(jobs, 50, round * 50);
      const adding = redis.pipeline();
      for (let i = round * 50; i < round * 50 + 50; i += 1) adding.xadd(RESULTS, '*', 'jobId', `job-${i}`);
      await adding.exec();
      await eventually('some came', async () => (await redis.xlen(STREAM)) > round * 50);
      jobs.showAgain();
      if (round % 3 === 1) {
        await redisServer.down('SIGKILL');
        await redisServer.up();
      }
      if (round % 3 === 2) {
        // As if it was killed: its calls end at once, and nobody says what became of them.
        const killed = benches.shift() as SqsBench;
        await killed.bench.close();
        void killed.relay.stop();
        await start(names);
      }
    }
    sqs.heal();
    const distinct = () =>
      new Set(results.sent.map(({ MessageBody }) => (JSON.parse(MessageBody) as { jobId: string }).jobId));
    await eventually('all is where it belongs', () => jobs.held.length === 0 && distinct().size === 400, 90_000);
    expect((await jobIds()).sort()).toEqual(named(400));
    expect(await redis.xlen('stream:preprocess:dlq')).toBe(0);
  }, 150_000);
});
