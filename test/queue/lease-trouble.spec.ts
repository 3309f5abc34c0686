import { afterEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { testEngine, testQueue, testStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

/** So long that a busy machine renews in time. */
const VISIBILITY_MS = 6_000;

const { server, redis } = useRedis();

describe('leases that cannot be renewed', () => {
  let engine: Engine;
  let finish: () => void = () => undefined;
  const risks: string[] = [];

  afterEach(async () => {
    finish();
    await engine.worker.drain();
    await engine.queue.close();
  });

  it('are told of once while Redis serves everybody else, and again after renewing worked meanwhile', async () => {
    const streams = testStreams();
    const queue = testQueue(server.url, streams, 'worker', VISIBILITY_MS);
    engine = testEngine(queue, () => new Promise((resolve) => (finish = resolve)), {
      settings: { visibilityMs: VISIBILITY_MS },
      events: { leasesAtRisk: (message) => void risks.push(message) },
    });
    engine.worker.start();
    await redis.xadd(streams.stream, '*', 'jobId', 'long');
    await eventually('it runs', () => engine.inHand.size === 1);
    const takenAt = Date.now();
    await eventually('its lease is renewed', () => queue.renewals.lastAt > takenAt);
    // Of all scripts that run now, only the renewal reads an entry.
    await redis.call('ACL', 'SETUSER', 'default', '-xrange');
    await eventually('the warning', () => risks.length === 1);
    expect(risks[0]).toMatch(/^No lease was renewed for \d+ s \(.*can't run.*\): other workers may take over/i);
    expect(engine.leases.warning).toBe(risks[0]);
    await redis.call('ACL', 'SETUSER', 'default', '+xrange');
    await eventually('all is well', () => engine.leases.warning === undefined);
    await redis.call('ACL', 'SETUSER', 'default', '-xrange');
    await eventually('the second warning', () => risks.length >= 2);
    await redis.call('ACL', 'SETUSER', 'default', '+xrange');
    expect(risks).toHaveLength(2);
  }, 60_000);
});
