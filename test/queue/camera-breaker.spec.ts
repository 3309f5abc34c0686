import { BreakerStore } from '../../src/worker/breaker/breaker-store.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TransientStepError } from '../../src/job/errors.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import type { BreakerSettings } from '../../src/worker/breaker/camera-breaker.js';
import { assemble, type Engine } from '../../src/worker/engine.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { silentEvents } from '../support/silent-events.js';
import { GROUP, TEST_SETTINGS, TestHandler, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

/** A handler whose camera is broken until somebody repairs it. */
class BrokenCamera extends TestHandler {
  runs: string[] = [];
  atOnce = 0;
  mostAtOnce = 0;
  works = false;
  blames = true;

  constructor() {
    super(async ({ jobId }) => {
      this.runs.push(jobId);
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      await new Promise((resolve) => setTimeout(resolve, 20));
      this.atOnce -= 1;
      if (!this.works) throw new TransientStepError('HLS_TIMEOUT', 'No picture came.');
    });
  }

  override blamesCamera(): boolean {
    return this.blames;
  }
}

const { server, redis } = useRedis();

describe("a camera's breaker", () => {
  let connection: Connection;
  const engines: Engine[] = [];

  beforeAll(async () => {
    connection = connect({ url: server.url }, 'commands');
  });
  afterEach(async () => {
    for (const { worker, queue } of engines.splice(0)) {
      await worker.drain();
      await queue.close();
    }
  });
  afterAll(async () => {
    connection.disconnect();
  });

  function start(streams: TestStreams, handler: BrokenCamera, settings: Partial<BreakerSettings> = {}): Engine {
    const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
    const engine = assemble(
      { ...TEST_SETTINGS, concurrency: 4, retry: { maxRetry: 100, baseMs: 10, capMs: 100 } },
      testQueue(server.url, streams),
      handler,
      silentEvents(),
      {
        breaker: {
          store: new BreakerStore(connection, names),
          settings: {
            ...{ failures: 3, cooldownMs: 400, longestCooldownMs: 400, giveUpAfterMs: 60_000, probeMs: 5_000 },
            ...settings,
          },
        },
      },
    );
    engines.push(engine);
    engine.worker.start();
    return engine;
  }

  async function enqueue(streams: TestStreams, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `job-${i}`);
  }

  it('lets jobs wait after repeated failures, tries the camera with one at a time, and lets all run when it is back', async () => {
    const streams = testStreams();
    const handler = new BrokenCamera();
    const { breaker } = start(streams, handler);
    await enqueue(streams, 10);
    await eventually('it is open', () => breaker?.list(Date.now()).some(({ opensInMs }) => opensInMs !== undefined));
    await eventually('nothing runs', () => handler.atOnce === 0);
    handler.mostAtOnce = 0;
    const before = handler.runs.length;
    await eventually('two probes', () => handler.runs.length >= before + 2);
    expect(handler.mostAtOnce).toBe(1);
    handler.works = true;
    await eventually('nothing is left', async () => ((await redis.xpending(streams.stream, GROUP))[0] as number) === 0);
    expect(breaker?.list(Date.now())).toEqual([]);
    expect(await redis.xlen(streams.dlq)).toBe(0);
  });

  it('finds out that a camera is back even when every job is too old to wait', async () => {
    const streams = testStreams();
    const handler = new BrokenCamera();
    const { breaker } = start(streams, handler, { giveUpAfterMs: -1 });
    await enqueue(streams, 3);
    await eventually('it is open', () => breaker?.list(Date.now()).some(({ opensInMs }) => opensInMs !== undefined));
    handler.works = true;
    await eventually('a wait is over', () => breaker?.list(Date.now()).every(({ opensInMs }) => opensInMs === 0));
    await enqueue(streams, 1);
    await eventually('the camera is back', () => breaker?.list(Date.now()).length === 0);
  });

  it('lets another job try when a probe ends without a verdict on the camera', async () => {
    const streams = testStreams();
    const handler = new BrokenCamera();
    const { breaker } = start(streams, handler, { probeMs: 3_600_000, cooldownMs: 50, longestCooldownMs: 50 });
    await enqueue(streams, 3);
    await eventually('it is open', () => breaker?.list(Date.now()).some(({ opensInMs }) => opensInMs !== undefined));
    handler.blames = false;
    const before = handler.runs.length;
    await eventually('three probes', () => handler.runs.length >= before + 3);
  });

  it('gives up a job that is too old while its camera is down', async () => {
    const streams = testStreams();
    const handler = new BrokenCamera();
    start(streams, handler, { giveUpAfterMs: -1, cooldownMs: 60_000, longestCooldownMs: 60_000 });
    await enqueue(streams, 5);
    await eventually('all are set aside', async () => (await redis.xlen(streams.dlq)) === 5);
    const entries = await redis.xrange(streams.dlq, '-', '+');
    expect(new Set(entries.map(([, fields]) => toFields(fields)['roadstream:code']))).toEqual(new Set(['CAMERA_DOWN']));
  });
});
