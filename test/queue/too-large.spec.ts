import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { QueueView } from '../../src/queue/queue-view.js';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { HeldWorker } from '../support/held-worker.js';
import { GROUP } from '../support/test-engine.js';
import { useHeldWorkers } from '../support/use-held-workers.js';
import { useRedis } from '../support/use-redis.js';

const MB = 1_048_576;

const { server, redis } = useRedis();
const { make, start } = useHeldWorkers(server);

describe('an entry that is too large to be read', () => {
  let worker: HeldWorker;

  const add = (jobId: string, bytes: number): Promise<unknown> =>
    redis.xadd(worker.streams.stream, '*', 'jobId', jobId, 'payload', Buffer.alloc(bytes, 'x'));

  async function letters(): Promise<{ code: string; message: string; payload: object }[]> {
    const { stream, high, dlq } = worker.streams;
    const found = await new DeadLetters(redis, { lanes: [high, stream], dlq, group: GROUP }).list(10);
    return found.map(({ code, message, payload }) => ({ code, message, payload }));
  }

  async function isDiscarded(bytes: number): Promise<void> {
    await eventually('it is set aside', async () => (await letters()).length === 1);
    const total = bytes + 'jobIdlargepayload'.length;
    const message = expect.stringMatching(new RegExp(`^The entry holds ${total} bytes, more than JOB_MAX_BYTES`));
    expect(await letters()).toEqual([{ code: 'TOO_LARGE', message, payload: {} }]);
    expect(worker.ran).not.toContain('large');
  }

  it('is set aside unread when it waits in the stream, and what is around it runs', async () => {
    worker = make();
    await add('before', 10);
    await add('large', 3 * MB);
    await add('after', 10);
    worker.start();
    await isDiscarded(3 * MB);
    await Promise.all([worker.hasRun('before'), worker.hasRun('after')]);
  });

  it('is set aside unread when it comes to a worker that waits for it, which does not read it to its end', async () => {
    worker = start();
    await add('before', 10);
    await worker.hasRun('before');
    await redis.config('RESETSTAT');
    await add('large', 32 * MB);
    await add('after', 10);
    await isDiscarded(32 * MB);
    await worker.hasRun('after');
    const sent = Number(/total_net_output_bytes:(\d+)/.exec(await redis.info('stats'))?.[1]);
    expect(sent).toBeLessThan(24 * MB);
  });

  it('is set aside unread when a dead worker left it', async () => {
    worker = make();
    const { stream } = worker.streams;
    await add('large', 3 * MB);
    await redis.xgroup('CREATE', stream, GROUP, '0');
    await redis.xreadgroup('GROUP', GROUP, 'dead', 'STREAMS', stream, '>');
    worker.start();
    await isDiscarded(3 * MB);
  });

  it('is told of by its size alone to those who look at the queue', async () => {
    worker = make();
    const { stream, high, dlq } = worker.streams;
    await add('large', 3 * MB);
    const view = new QueueView(redis, { lanes: [high, stream], dlq, group: GROUP }, MB);
    expect((await view.pending(10)).map(({ payload }) => payload)).toEqual([[]]);
  });
});
