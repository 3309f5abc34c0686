import { BreakerStore } from '../../src/worker/breaker/breaker-store.js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TransientStepError } from '../../src/job/errors.js';
import { failingCameras } from '../../src/queue/status/failing-cameras.js';
import type { Delivery } from '../../src/queue/job-queue.js';
import { breakerKeys, heldKey, laneKeys } from '../../src/queue/lane-keys.js';
import type { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import { GROUP, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const NO_PICTURE = new TransientStepError(
  'HLS_TIMEOUT',
  'No picture came from https://kim:hunter2@cam/x?token=hunter2.',
);
const POLICY = { failures: 1, cooldownMs: 60_000, longestCooldownMs: 60_000 };

const { server, redis } = useRedis();

describe('deliveries that wait', () => {
  let streams: TestStreams;
  let queue: RedisJobQueue;

  beforeEach(async () => {
    streams = testStreams();
    queue = testQueue(server.url, streams);
    await queue.open();
  });
  afterEach(() => queue.close());

  async function defer(count: number, delayMs: number, waitsFor?: string): Promise<void> {
    for (let i = 0; i < count; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `${i}`);
    for (let left = count; left > 0;) {
      const claimed = await queue.claim(Math.min(left, 500), 0);
      await Promise.all(claimed.map((delivery) => queue.defer(delivery, { delayMs, spent: false, waitsFor })));
      left -= claimed.length;
    }
  }

  /** Commands that Redis ran for one look, its scripts' included, and how many entries they had to go through. */
  /** The fewest of three looks: a renewal of leases that comes meanwhile asks for the pending list as well. */
  async function commandsOfALook(): Promise<Record<string, number>> {
    const looks = [await commandsOfOneLook(), await commandsOfOneLook(), await commandsOfOneLook()];
    const fewest = (name: 'xpending' | 'xclaim' | 'zrange') => Math.min(...looks.map((look) => look[name]));
    return { xpending: fewest('xpending'), xclaim: fewest('xclaim'), zrange: fewest('zrange') };
  }

  async function commandsOfOneLook(): Promise<Record<'xpending' | 'xclaim' | 'zrange', number>> {
    await redis.config('RESETSTAT');
    await queue.rescue(10);
    const lines = (await redis.info('commandstats')).matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g);
    const counts = Object.fromEntries([...lines].map(([, name = '', calls]) => [name, Number(calls)]));
    return { xpending: counts.xpending ?? 0, xclaim: counts.xclaim ?? 0, zrange: counts.zrange ?? 0 };
  }

  it('cost a look nothing: it asks for what is due', async () => {
    await defer(1, 3_600_000);
    const few = await commandsOfALook();
    await defer(5_000, 3_600_000);
    expect(await commandsOfALook()).toEqual(few);
    // Going through the pending list by idle time would be one of these.
    expect(few.xpending).toBe(0);
  });

  it('may wait for longer than the visibility timeout', async () => {
    await defer(1, 3_600_000);
    const [id] = await redis.zrange(laneKeys(streams.stream, GROUP).waiting, '0', '-1');
    await redis.call('XCLAIM', streams.stream, GROUP, 'waiting', '0', String(id), 'IDLE', '10000', 'JUSTID');
    expect((await queue.rescue(10)).deliveries).toEqual([]);
  });

  it('leave no key behind of a worker that leaves, or is gone', async () => {
    await redis.xadd(streams.stream, '*', 'jobId', 'a');
    await redis.xadd(streams.stream, '*', 'jobId', 'b');
    const leaving = testQueue(server.url, streams, 'leaving');
    await leaving.open();
    for (const one of [queue, leaving]) {
      for (const delivery of await one.claim(1, 0)) await one.complete(delivery);
    }
    const keys = (): Promise<string[]> => redis.keys('*settled:*');
    expect((await keys()).length).toBeGreaterThanOrEqual(2);
    for (const key of await keys()) expect(await redis.pttl(key)).toBeGreaterThan(0);
    await leaving.close();
    expect((await keys()).filter((key) => key.endsWith(':leaving'))).toEqual([]);
  });

  it('are found again after the list of them was lost', async () => {
    await defer(1_500, 0);
    await redis.del(laneKeys(streams.stream, GROUP).waiting);
    // The first look notices, the next one finds.
    await queue.rescue(0);
    const found = new Set<string>();
    for (let look = 0; look < 3; look += 1) {
      for (const { entryId } of (await queue.rescue(500)).deliveries) found.add(entryId);
    }
    expect(found.size).toBe(1_500);
  });

  describe('for a camera', () => {
    let store: BreakerStore;

    beforeEach(() => {
      const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
      store = new BreakerStore(redis, names, 3);
    });

    async function rescued(): Promise<Delivery[]> {
      return (await queue.rescue(2_000)).deliveries;
    }

    it('come due when it is back, however many there are, and leave nothing behind', async () => {
      await store.failed('cam', POLICY, NO_PICTURE);
      await defer(1_200, 3_600_000, 'cam');
      await defer(1, 3_600_000, 'another');
      expect(await rescued()).toEqual([]);
      await store.worked('cam');
      expect(await rescued()).toHaveLength(1_200);
      expect(await redis.exists(heldKey(streams.stream, GROUP, 'cam'))).toBe(0);
    });

    it('send one to look again when the next try may be, and let the others sleep', async () => {
      await store.failed('cam', POLICY, NO_PICTURE);
      const answers = [];
      for (let i = 0; i < 3; i += 1) answers.push(await store.tryProbe('cam', 1_000));
      expect(answers.map(({ isNext }) => isNext)).toEqual([true, false, false]);
      for (const { waitMs } of answers) expect(waitMs).toBeGreaterThan(0);
    });

    it('tell of changes alone', async () => {
      expect(await store.changes()).toBeUndefined();
      await store.failed('cam', POLICY, NO_PICTURE);
      expect(await store.changes()).toMatchObject([{ camera: 'cam', failures: 1 }]);
      expect(await store.changes()).toBeUndefined();
      await store.worked('cam');
      expect(await store.changes()).toEqual([]);
    });

    it('say why, and since the first failure in a row, without a secret', async () => {
      const names = { lanes: [streams.high, streams.stream], group: GROUP };
      const before = Date.now();
      await store.failed('cam', POLICY, NO_PICTURE);
      const first = (await failingCameras(redis, names)).get('cam');
      expect(first).toEqual({
        code: 'HLS_TIMEOUT',
        message: expect.stringMatching(/^No picture came from /),
        since: expect.any(Number),
        isDown: true,
      });
      expect(first?.since).toBeGreaterThanOrEqual(before);
      expect(JSON.stringify(first)).not.toContain('hunter2');
      await store.failed('cam', POLICY, new TransientStepError('HLS_HTTP', 'y'.repeat(10_000)));
      const again = (await failingCameras(redis, names)).get('cam');
      expect(again).toEqual({ code: 'HLS_HTTP', message: 'y'.repeat(500), since: first?.since, isDown: true });
      await store.failed('other', { ...POLICY, failures: 3 }, NO_PICTURE);
      const all = [...(await failingCameras(redis, names))].map(([name, { isDown }]) => [name, isDown]);
      expect(all).toEqual([
        ['cam', true],
        ['other', false],
      ]);
      await store.worked('cam');
      expect([...(await failingCameras(redis, names)).keys()]).toEqual(['other']);
      expect(await redis.hkeys(breakerKeys(names).reasons)).toEqual(['other']);
    });

    it('are told of by workers of an earlier version as well, whose failures have no reason', async () => {
      const names = { lanes: [streams.high, streams.stream], group: GROUP };
      const { breakers, recent, reasons } = breakerKeys(names);
      await store.failed('cam', POLICY, NO_PICTURE);
      await redis.hset(reasons, 'cam', (await redis.hget(reasons, 'cam'))!.replace(/^\d+/, '1'));
      // An earlier version says that it works, which leaves the reason, and that it fails again.
      await redis.hdel(breakers, 'cam');
      expect((await failingCameras(redis, names)).size).toBe(0);
      await redis.hset(breakers, 'cam', '1 0 0 0');
      await redis.zadd(recent, 5, 'cam');
      await store.failed('cam', POLICY, NO_PICTURE);
      expect((await failingCameras(redis, names)).get('cam')?.since).toBeGreaterThan(1);
    });

    it('are remembered for so many cameras that failed last, and no more', async () => {
      for (let i = 0; i < 10; i += 1) await store.failed(`cam-${i}`, POLICY, NO_PICTURE);
      const known = ((await store.changes()) ?? []).map(({ camera }) => camera);
      expect(known.sort()).toEqual(['cam-7', 'cam-8', 'cam-9']);
      const { reasons } = breakerKeys({ lanes: [streams.high, streams.stream], group: GROUP });
      expect((await redis.hkeys(reasons)).sort()).toEqual(known);
    });
  });
});
