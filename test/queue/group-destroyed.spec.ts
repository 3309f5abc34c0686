import { describe, expect, it } from '@jest/globals';
import { RateLimitedError } from '../../src/job/errors.js';
import { eventually } from '../support/eventually.js';
import type { HeldWorker } from '../support/held-worker.js';
import { GROUP, pendingOf } from '../support/test-engine.js';
import { useHeldWorkers } from '../support/use-held-workers.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();
const { start } = useHeldWorkers(server);

describe('a group that somebody destroys', () => {
  let worker: HeldWorker;

  async function started(): Promise<string> {
    worker = start({ concurrency: 3 });
    await eventually('the group is there', () => redis.exists(worker.streams.stream).then(Boolean));
    return worker.streams.stream;
  }

  const destroy = (): Promise<unknown> => redis.xgroup('DESTROY', worker.streams.stream, GROUP);

  it('runs nothing again that was finished, says so, and goes on with what comes', async () => {
    const stream = await started();
    let last = '';
    for (let i = 0; i < 9; i += 1) last = (await redis.xadd(stream, '*', 'jobId', `done-${i}`)) as string;
    await eventually('nine have run', () => worker.settled.length === 9);
    await destroy();
    await redis.xadd(stream, '*', 'jobId', 'new');
    await worker.hasSettled('new complete settled');
    expect(worker.ran).toHaveLength(10);
    expect(worker.remade).toEqual([{ stream, after: last, restored: 0 }]);
  });

  it('begins at the start when the stream is another one, though ids are smaller than those of the old one', async () => {
    const stream = await started();
    await redis.xadd(stream, '9999999999999-0', 'jobId', 'old');
    await worker.hasSettled('old complete settled');
    await redis.del(stream);
    await redis.xadd(stream, '5-0', 'jobId', 'new');
    await worker.hasSettled('new complete settled');
    expect(worker.remade).toEqual([{ stream, after: undefined, restored: 0 }]);
  });

  it('does not forget jobs that waited, and does not run twice what is in hand', async () => {
    const stream = await started();
    await redis.xadd(stream, '*', 'jobId', 'held-waits');
    await redis.xadd(stream, '*', 'jobId', 'held-runs');
    await Promise.all([worker.hasRun('held-waits'), worker.hasRun('held-runs')]);
    worker.end('held-waits', new RateLimitedError('BUSY', 'Come back later.', 1_500));
    await worker.hasSettled('held-waits snooze settled');
    await destroy();
    await worker.hasRun('held-waits', 2);
    expect(worker.remade.map(({ restored }) => restored)).toEqual([1]);
    worker.end('held-waits');
    worker.end('held-runs');
    await eventually('all is settled', () => worker.inHand === 0);
    expect(worker.ran.filter((jobId) => jobId === 'held-runs')).toHaveLength(1);
    expect(await pendingOf(redis, worker.streams)).toBe(0);
  });

  it('takes what is in hand into its name again, so that it is rescued when its worker dies', async () => {
    const stream = await started();
    await redis.xadd(stream, '*', 'jobId', 'held');
    await worker.hasRun('held');
    await destroy();
    const rows = await eventually('it is pending again', async () => {
      const found = await redis.xpending(stream, GROUP, '-', '+', 10).catch(() => []);
      return found.length > 0 && (found as [string, string][]);
    });
    expect(rows.map(([, owner]) => owner)).toEqual([worker.engine.queue.consumer]);
    worker.end('held');
    await worker.hasSettled('held complete settled');
  });
});
