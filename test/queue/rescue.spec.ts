import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testEngine, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

/** Longer than the test: leases run out when it says so. */
const LEASE_MS = 60_000;

const { server, redis } = useRedis();

describe('rescue beside a backlog', () => {
  let engine: Engine | undefined;

  afterEach(async () => {
    await engine?.worker.drain();
    await engine?.queue.close();
  });

  /** Has a dead worker hold jobs, and gives their entries. */
  async function leaveOrphans({ stream }: TestStreams, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) ids.push((await redis.xadd(stream, '*', 'jobId', `orphan-${i}`)) as string);
    await redis.xgroup('CREATE', stream, GROUP, '0');
    await redis.xreadgroup('GROUP', GROUP, 'dead', 'COUNT', count, 'STREAMS', stream, '>');
    return ids;
  }

  it('takes up what dead workers left before new work, although its only slot is never free for long', async () => {
    const streams = testStreams();
    const orphans = await leaveOrphans(streams, 3);
    for (let i = 0; i < 20; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `new-${i}`);
    const ran: string[] = [];
    const slot = new EventEmitter();
    const queue = testQueue(server.url, streams, 'worker', LEASE_MS);
    const looks = jest.spyOn(queue, 'rescue').mock.results;
    engine = testEngine(
      queue,
      async ({ jobId }) => {
        ran.push(jobId);
        if (jobId === 'new-0') await once(slot, 'free');
      },
      { settings: { concurrency: 1, visibilityMs: LEASE_MS } },
    );
    engine.worker.start();
    await eventually('its slot is taken', () => ran.length === 1);
    await redis.call('XCLAIM', streams.stream, GROUP, 'dead', 0, ...orphans, 'IDLE', LEASE_MS, 'JUSTID');
    const looked = looks.length;
    await eventually('it looks while its slot is taken', () => looks.length > looked);
    await looks[looked]?.value;
    await nextTurn();
    slot.emit('free');
    await eventually('all ran', () => ran.length === 23);
    expect(ran.slice(0, 5)).toEqual(['new-0', 'orphan-0', 'orphan-1', 'orphan-2', 'new-1']);
  });
});
