import { describe, expect, it } from '@jest/globals';
import { PermanentStepError, TransientStepError } from '../../src/job/errors.js';
import { laneKeys } from '../../src/queue/lane-keys.js';
import { eventually } from '../support/eventually.js';
import type { HeldWorker } from '../support/held-worker.js';
import { RedisServer } from '../support/redis-server.js';
import { GROUP, pendingOf } from '../support/test-engine.js';
import { useHeldWorkers } from '../support/use-held-workers.js';
import { useRedis } from '../support/use-redis.js';

const ENDS: [string, Error | undefined, string][] = [
  ['is completed', undefined, 'held-old complete gone'],
  ['is set aside', new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.'), 'held-old discard gone'],
  ['is to be tried again', new TransientStepError('HLS_TIMEOUT', 'Too slow.'), 'held-old retry gone'],
];

const { server, redis } = useRedis();
const { make, start } = useHeldWorkers(server);

describe('an id that is given again', () => {
  /** A worker with a job in hand, whose entry's id is another job's by now. */
  async function collide(forget: (worker: HeldWorker) => Promise<unknown>): Promise<HeldWorker> {
    const worker = start({ concurrency: 4 });
    const { stream } = worker.streams;
    const id = (await redis.xadd(stream, '*', 'jobId', 'held-old')) as string;
    await worker.hasRun('held-old');
    await forget(worker);
    await redis.xadd(stream, id, 'jobId', 'held-new');
    await worker.hasRun('held-new');
    return worker;
  }

  const FORGETTING: [string, (worker: HeldWorker) => Promise<unknown>][] = [
    ['after FLUSHALL', () => redis.flushall()],
    ['after its stream was deleted', ({ streams }) => redis.del(streams.stream)],
  ];

  describe.each(FORGETTING)('%s', (_how, forget) => {
    it.each(ENDS)('is no reason to touch the new job when the old one %s', async (_end, error, settled) => {
      const worker = await collide(forget);
      worker.end('held-old', error);
      await worker.hasSettled(settled);
      expect(worker.engine.inHand.list().map(({ job }) => job?.jobId)).toContain('held-new');
      expect(await pendingOf(redis, worker.streams)).toBeGreaterThanOrEqual(1);
      worker.end('held-new');
      await worker.hasSettled('held-new complete settled');
    });

    it('lets the old job go on and tells so once, though its lease is looked for again and again', async () => {
      const worker = await collide(forget);
      await eventually('it is said', () => worker.gone.length > 0);
      worker.end('held-new');
      await worker.hasSettled('held-new complete settled');
      worker.end('held-old');
      await worker.hasSettled('held-old complete gone');
      expect(worker.gone).toEqual(['held-old']);
      expect(worker.lost).toEqual([]);
    });
  });

  it('gives a job that failed after a flush back, once, under a new id', async () => {
    const worker = await collide(() => redis.flushall());
    worker.end('held-old', new TransientStepError('HLS_TIMEOUT', 'Too slow.'));
    await worker.hasRun('held-old', 2);
    worker.end('held-old');
    worker.end('held-new');
    await eventually('nothing is pending', async () => (await pendingOf(redis, worker.streams)) === 0);
    expect([...worker.ran].sort()).toEqual(['held-new', 'held-old', 'held-old']);
  });

  it('is noticed after a failover that kept the group but not the entry', async () => {
    // The new master has the group and its record, lacks the last entry, and its clock lags.
    const worker = await collide(async ({ streams, ran }) => {
      const { record } = laneKeys(streams.stream, GROUP);
      const kept = await redis.hgetall(record);
      await redis.del(streams.stream);
      await redis.xgroup('CREATE', streams.stream, GROUP, '0', 'MKSTREAM');
      await redis.hset(record, { ...kept, server: 'the old master' });
      await eventually('the worker has looked', async () => (await redis.hget(record, 'life')) !== kept.life);
      expect(ran).toEqual(['held-old']);
    });
    worker.end('held-old', new TransientStepError('HLS_TIMEOUT', 'Too slow.'));
    await worker.hasSettled('held-old retry gone');
    await worker.hasRun('held-old', 2);
    worker.end('held-new');
    await worker.hasSettled('held-new complete settled');
    worker.end('held-old');
    await worker.hasSettled('held-old complete settled');
  });

  it('means the same job after a mere restart: it is settled as ever', async () => {
    const durable = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    const client = durable.client();
    const worker = start({ redis: durable.url });
    await client.xadd(worker.streams.stream, '*', 'jobId', 'held');
    await worker.hasRun('held');
    const { record } = laneKeys(worker.streams.stream, GROUP);
    const before = await client.hget(record, 'life');
    await durable.down('SIGKILL');
    await durable.up();
    await eventually('a new life is known', async () => (await client.hget(record, 'life')) !== before);
    worker.end('held');
    await worker.hasSettled('held complete settled');
    expect(worker.gone).toEqual([]);
    expect(worker.ran).toEqual(['held']);
    await worker.stop();
    await durable.stop();
  });

  it('is settled by us though the answer was lost on the way, and not taken for another worker', async () => {
    const worker = make();
    const { queue } = worker.engine;
    await queue.open();
    const settle = [
      (delivery) => queue.complete(delivery),
      (delivery) => queue.complete(delivery, { found: 'nothing' }),
      (delivery) => queue.defer(delivery, { delayMs: 60_000, spent: true }),
      (delivery) => queue.discard(delivery, { code: 'X', message: 'x', step: undefined, attempts: 1 }),
    ] satisfies ((delivery: Parameters<typeof queue.complete>[0]) => Promise<string>)[];
    for (const again of settle) {
      await redis.xadd(worker.streams.stream, '*', 'jobId', 'a');
      const [delivery] = await queue.claim(1, 0);
      if (delivery === undefined) throw new Error('Nothing was claimed.');
      expect([await again(delivery), await again(delivery)]).toEqual(['settled', 'settled']);
    }
    expect(await redis.xlen(worker.streams.results)).toBe(1);
    expect(await redis.xlen(worker.streams.dlq)).toBe(1);
    expect(await pendingOf(redis, worker.streams)).toBe(1);
  });
});
