import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { QUICK, SqsBench, type SqsBenchOptions } from '../support/sqs-bench.js';
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
  if (isAway) await redisBack();
  await Promise.all(benches.splice(0).map((bench) => bench.stop()));
});

async function start(options: SqsBenchOptions): Promise<SqsBench> {
  const bench = await SqsBench.start(sqs, redisServer.url, options);
  benches.push(bench);
  return bench;
}

let isAway = false;

async function redisGoes(): Promise<void> {
  isAway = true;
  await redisServer.down('SIGKILL');
}

async function redisBack(): Promise<void> {
  await redisServer.up();
  isAway = false;
}

/** A queue of the test's own. */
function newQueue(options = {}): SqsQueue {
  return sqs.queue(`jobs-${(queues += 1)}`, options);
}

const job = (cctvId: string): string => JSON.stringify({ cctvId, hls: HLS, sec: 5 });

const isEmpty = (queue: SqsQueue) => () => queue.held.length === 0;

describe('jobs from a queue of SQS, while Redis is away,', () => {
  it('wait in the queue while Redis is away: hidden from others, and no more are received', async () => {
    const queue = newQueue({ maxReceives: 1 });
    const pace = { ...QUICK, visibilitySeconds: 1 };
    const bench = await start({ jobs: queue.name, pace });
    await eventually('it waits for messages', () =>
      sqs.calls.some(({ input }) => input['QueueUrl'] === sqs.url(queue.name)),
    );
    await redisGoes();
    for (let i = 0; i < 15; i += 1) queue.send({ MessageBody: job(`cam-${i}`) });
    const extended = () =>
      sqs.calls.filter(
        ({ action, input }) => action === 'ChangeMessageVisibilityBatch' && input['QueueUrl'] === sqs.url(queue.name),
      );
    await eventually('it was extended beyond the first time-out', () => extended().length >= 5);
    expect(queue.held.every(({ receives }) => receives <= 1)).toBe(true);
    expect(queue.inFlight).toBeLessThanOrEqual(10);
    await redisBack();
    await eventually('the queue is empty', isEmpty(queue));
    expect(await redis.xlen('stream:preprocess')).toBe(15);
    expect(queue.dead).toEqual([]);
    expect(bench.said.filter((sentence) => sentence.includes('take jobs'))).toEqual([
      expect.stringMatching(/^cannot take jobs from sqs; nothing is lost, trying on\. A job could not be added/),
      expect.stringMatching(/^can take jobs from sqs again, after \d+ s$/),
    ]);
  });

  it('are let go before SQS would take them away, and come again', async () => {
    const queue = newQueue();
    await start({ jobs: queue.name, pace: { ...QUICK, visibilitySeconds: 1, longestHeldMs: 500 } });
    await eventually('it waits for messages', () =>
      sqs.calls.some(({ input }) => input['QueueUrl'] === sqs.url(queue.name)),
    );
    await redisGoes();
    const message = queue.send({ MessageBody: job('a') });
    await eventually('it was received', () => message.receives === 1);
    await eventually('it is shown again', () => queue.inFlight === 0);
    await redisBack();
    await eventually('the queue is empty', isEmpty(queue));
    expect(message.receives).toBeGreaterThan(1);
    expect(await redis.xlen('stream:preprocess')).toBe(1);
  });

  it('may be had by others at once when it is stopped while Redis is away', async () => {
    const queue = newQueue();
    const bench = await start({ jobs: queue.name, pace: { ...QUICK, visibilitySeconds: 600 } });
    await eventually('it waits for messages', () =>
      sqs.calls.some(({ input }) => input['QueueUrl'] === sqs.url(queue.name)),
    );
    await redisGoes();
    const message = queue.send({ MessageBody: job('a') });
    await eventually('it was received', () => message.receives === 1);
    await bench.relay.stop();
    expect(queue.inFlight).toBe(0);
  });
});
