import { afterEach, describe, expect, it } from '@jest/globals';
import { PermanentStepError, RateLimitedError, TransientStepError } from '../../src/job/errors.js';
import type { Run } from '../../src/job/handler.js';
import type { Engine, EngineSettings } from '../../src/worker/engine.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import {
  GROUP,
  pendingOf,
  TEST_SETTINGS,
  testEngine,
  testQueue,
  testStreams,
  type TestJob,
  type TestStreams,
} from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();

describe('the engine on a real Redis', () => {
  const engines: Engine[] = [];

  afterEach(async () => {
    await Promise.all(
      engines.splice(0).map(async ({ worker, queue }) => {
        await worker.drain();
        await queue.close();
      }),
    );
  });

  function start(
    streams: TestStreams,
    work: (job: TestJob, run: Run) => Promise<void>,
    settings: Partial<EngineSettings> = {},
  ): Engine {
    const engine = testEngine(testQueue(server.url, streams), work, { settings });
    engines.push(engine);
    engine.worker.start();
    return engine;
  }

  const pending = (stream: string): Promise<number> => pendingOf(redis, { stream });

  async function deadLetters(streams: TestStreams): Promise<Record<string, string>[]> {
    const entries = await redis.xrange(streams.dlq, '-', '+');
    return entries.map(([, fields]) => toFields(fields));
  }

  it('runs every job once and leaves nothing pending', async () => {
    const streams = testStreams();
    const ran: string[] = [];
    for (let i = 0; i < 200; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `job-${i}`);
    start(streams, async ({ jobId }) => void ran.push(jobId));
    await eventually('200 runs', () => ran.length >= 200);
    await eventually('nothing pending', async () => (await pending(streams.stream)) === 0);
    expect(new Set(ran).size).toBe(200);
    expect(ran).toHaveLength(200);
  });

  it('empties the urgent stream first', async () => {
    const streams = testStreams();
    for (let i = 0; i < 3; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `plain-${i}`);
    for (let i = 0; i < 3; i += 1) await redis.xadd(streams.high, '*', 'jobId', `urgent-${i}`);
    const ran: string[] = [];
    start(streams, async ({ jobId }) => void ran.push(jobId), { concurrency: 1 });
    await eventually('six runs', () => ran.length === 6);
    expect(ran).toEqual(['urgent-0', 'urgent-1', 'urgent-2', 'plain-0', 'plain-1', 'plain-2']);
  });

  it('retries what failed for now, counts the attempts, and sets it aside with the reason after the last', async () => {
    const streams = testStreams();
    const attempts: number[] = [];
    await redis.xadd(streams.stream, '*', 'jobId', 'doomed', 'note', 'kept');
    start(streams, async (_job, run) => {
      attempts.push(run.attempt);
      await run.step('capture', () =>
        Promise.reject(new TransientStepError('HLS_TIMEOUT', 'Too slow: http://u:p@cam/x?token=1')),
      );
    });
    const [entry] = await eventually('a dead letter', async () => {
      const letters = await deadLetters(streams);
      return letters.length === 1 ? letters : undefined;
    });
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(entry).toMatchObject({
      jobId: 'doomed',
      note: 'kept',
      'roadstream:code': 'HLS_TIMEOUT',
      'roadstream:step': 'capture',
      'roadstream:attempts': '4',
      'roadstream:message': 'Too slow: http://cam/x',
    });
    expect(await pending(streams.stream)).toBe(0);
  });

  it('discards at once what trying again cannot help', async () => {
    const streams = testStreams();
    await redis.xadd(streams.stream, '*', 'jobId', 'gone');
    start(streams, () => Promise.reject(new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.')));
    const letters = await eventually('a dead letter', async () => {
      const found = await deadLetters(streams);
      return found.length > 0 ? found : undefined;
    });
    expect(letters.map((letter) => letter['roadstream:attempts'])).toEqual(['1']);
  });

  it('snoozes without spending an attempt', async () => {
    const streams = testStreams();
    const attempts: number[] = [];
    await redis.xadd(streams.stream, '*', 'jobId', 'patient');
    start(streams, async (_job, run) => {
      attempts.push(run.attempt);
      if (attempts.length < 6) throw new RateLimitedError('BUSY', 'Come back later.', 10);
    });
    await eventually('six runs', () => attempts.length === 6);
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('never runs more jobs than the limit, and a raised limit counts at once', async () => {
    const streams = testStreams();
    const started: string[] = [];
    const gates = new Map<string, () => void>();
    for (let i = 0; i < 6; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `job-${i}`);
    const { pool, worker } = start(streams, ({ jobId }) => {
      started.push(jobId);
      return new Promise((resolve) => gates.set(jobId, resolve));
    });
    await eventually('two running', () => started.length === 2);
    pool.resize(4);
    worker.reconsider();
    await eventually('four running', () => started.length === 4);
    expect(pool.inUse).toBe(4);
    pool.resize(1);
    for (const id of started.slice(0, 3)) gates.get(id)?.();
    await eventually('one left running', () => pool.inUse === 1);
    expect(started).toHaveLength(4);
    pool.resize(6);
    worker.reconsider();
    await eventually('all started', () => started.length === 6);
    for (const open of gates.values()) open();
    expect(new Set(started).size).toBe(6);
  });

  it('gives back on stop what does not end in time, at no cost of an attempt, and another worker takes it up', async () => {
    const streams = testStreams();
    await redis.xadd(streams.stream, '*', 'jobId', 'long');
    let firstAttempt = 0;
    const first = testEngine(
      testQueue(server.url, streams),
      (_job, run) => {
        firstAttempt = run.attempt;
        return new Promise((_resolve, reject) => {
          run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
        });
      },
      { settings: { graceMs: 50 } },
    );
    first.worker.start();
    await eventually('the first run', () => firstAttempt === 1);
    await first.worker.drain();
    await first.queue.close();
    let secondAttempt = 0;
    start(streams, async (_job, run) => void (secondAttempt = run.attempt));
    await eventually('the second run', () => secondAttempt > 0);
    expect(secondAttempt).toBe(1);
  });

  it('takes over from a worker that is gone once its lease ran out', async () => {
    const streams = testStreams();
    await redis.xadd(streams.stream, '*', 'jobId', 'orphan');
    await redis.xgroup('CREATE', streams.stream, GROUP, '0');
    await redis.xreadgroup('GROUP', GROUP, 'dead', 'COUNT', 1, 'STREAMS', streams.stream, '>');
    const attempts: number[] = [];
    start(streams, async (_job, run) => void attempts.push(run.attempt));
    await eventually('the orphan ran', () => attempts.length === 1);
    expect(attempts).toEqual([2]);
  });

  it('keeps the lease of a job that runs for longer than the visibility timeout', async () => {
    const streams = testStreams();
    const runs: string[] = [];
    let finish: () => void = () => undefined;
    const work = (worker: string) => () => {
      runs.push(worker);
      return new Promise<void>((resolve) => (finish = resolve));
    };
    const { queue } = start(streams, work('a'));
    const renewedAfter = (time: number): Promise<unknown> =>
      eventually('its leases were renewed', () => queue.renewals.lastAt > time);
    await renewedAfter(Date.now());
    await redis.xadd(streams.stream, '*', 'jobId', 'slow');
    await eventually('the run', () => runs.length === 1);
    start(streams, work('b'));
    await renewedAfter(Date.now() + 2 * TEST_SETTINGS.visibilityMs);
    finish();
    await eventually('nothing pending', async () => (await pending(streams.stream)) === 0);
    expect(runs).toEqual(['a']);
  });

  it('abandons a job whose entry another worker owns', async () => {
    const streams = testStreams();
    const entryId = (await redis.xadd(streams.stream, '*', 'jobId', 'stolen')) as string;
    let reason: unknown;
    start(
      streams,
      (_job, run) =>
        new Promise((_resolve, reject) => {
          run.signal.addEventListener('abort', () => {
            reason = run.signal.reason;
            reject(run.signal.reason as Error);
          });
        }),
    );
    await eventually('it runs', async () => (await pending(streams.stream)) === 1);
    await redis.xclaim(streams.stream, GROUP, 'thief', 0, entryId);
    await eventually('the abort', () => reason !== undefined);
    expect(reason).toMatchObject({ code: 'LEASE_LOST' });
    const owners = (await redis.xpending(streams.stream, GROUP, '-', '+', 10)) as [string, string][];
    expect(owners.map(([, owner]) => owner)).toEqual(['thief']);
  });

  it('cancels a job that runs and one that waits, on whichever worker, and acknowledges both', async () => {
    const streams = testStreams();
    const ran: string[] = [];
    const { queue, inHand } = start(
      streams,
      ({ jobId }, run) =>
        new Promise((_resolve, reject) => {
          ran.push(jobId);
          run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
        }),
      { concurrency: 1 },
    );
    await redis.xadd(streams.stream, '*', 'jobId', 'running');
    await redis.xadd(streams.stream, '*', 'jobId', 'waiting');
    await eventually('it runs', () => ran.length === 1);
    await queue.cancel('waiting');
    await queue.cancel('running');
    await eventually('both settled', async () => inHand.size === 0 && (await pending(streams.stream)) === 0);
    expect(ran).toEqual(['running']);
    expect(await deadLetters(streams)).toEqual([]);
  });

  it('runs a job that was queued after one of its name was cancelled', async () => {
    const streams = testStreams();
    const ran: string[] = [];
    const { queue } = start(streams, async ({ jobId }) => void ran.push(jobId));
    await queue.cancel('again');
    await eventually(
      'the cancellation is older',
      async () => Number((await redis.time())[0]) * 1_000 > Date.now() - 1_000,
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    await redis.xadd(streams.stream, '*', 'jobId', 'again');
    await eventually('it ran', () => ran.length === 1);
    expect(ran).toEqual(['again']);
  });

  it('pauses every worker of the group', async () => {
    const streams = testStreams();
    const ran: string[] = [];
    const engines = [1, 2].map(() => start(streams, async ({ jobId }) => void ran.push(jobId)));
    await engines[0]?.queue.pauseGroup(true);
    await eventually('both hold back', () => engines.every(({ admission }) => !admission.open));
    await redis.xadd(streams.stream, '*', 'jobId', 'patient');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(ran).toEqual([]);
    await engines[1]?.queue.pauseGroup(false);
    await eventually('it ran', () => ran.length === 1);
  });

  it('trims only what every group has done with, and removes consumers that are gone', async () => {
    const streams = testStreams();
    const ran: string[] = [];
    const old = (minute: number): string => `${1_600_000_000_000 + minute * 60_000}-0`;
    // Trimming takes whole nodes of a stream, and stops at the one with the last entry that the auditors have read.
    await redis.config('SET', 'stream-node-max-entries', '10');
    for (let i = 0; i < 300; i += 1) await redis.xadd(streams.stream, old(i), 'jobId', `job-${i}`);
    await redis.xgroup('CREATE', streams.stream, 'auditors', old(199));
    const { queue } = start(streams, async ({ jobId }) => void ran.push(jobId));
    await eventually('all ran', () => ran.length === 300);
    await eventually('nothing pending', async () => (await pending(streams.stream)) === 0);
    await queue.tidy();
    const left = (await redis.xrange(streams.stream, '-', '+')).map(([id]) => id);
    expect(left).toEqual(Array.from({ length: 110 }, (_unused, i) => old(190 + i)));
  });

  it('leaves the group when it ends with nothing pending', async () => {
    const streams = testStreams();
    const engine = testEngine(testQueue(server.url, streams, 'leaver'), async () => undefined);
    engine.worker.start();
    await redis.xadd(streams.stream, '*', 'jobId', 'one');
    const names = async (): Promise<unknown[]> =>
      ((await redis.xinfo('CONSUMERS', streams.stream, GROUP).catch(() => [])) as unknown[][]).map(([, name]) => name);
    await eventually('it joined', async () => (await names()).includes('leaver'));
    await engine.worker.drain();
    await engine.queue.close();
    expect(await names()).not.toContain('leaver');
  });

  it('adds a job again that a producer trimmed while it ran and failed', async () => {
    const streams = testStreams();
    const attempts: number[] = [];
    const entryId = await redis.xadd(streams.stream, '*', 'note', 'kept');
    const names: string[] = [];
    start(streams, async ({ jobId, fields }, run) => {
      attempts.push(run.attempt);
      names.push(`${jobId} ${fields.note ?? ''}`);
      if (attempts.length > 1) return;
      await redis.xtrim(streams.stream, 'MAXLEN', 0);
      throw new TransientStepError('HLS_TIMEOUT', 'Too slow.');
    });
    await eventually('the second run', () => attempts.length === 2);
    expect(attempts).toEqual([1, 2]);
    expect(names).toEqual([`${String(entryId)} kept`, `${String(entryId)} kept`]);
    await eventually('nothing pending', async () => (await pending(streams.stream)) === 0);
  });

  it('sets aside an entry of more fields than a script can pass on', async () => {
    const streams = testStreams();
    const fields = Array.from({ length: 4_500 }, (_unused, i) => [`field-${i}`, 'x']).flat();
    await redis.xadd(streams.stream, '*', ...fields);
    start(streams, () => Promise.reject(new PermanentStepError('TOO_LARGE', 'Too many fields.')));
    const [letter] = await eventually('a dead letter', async () => {
      const letters = await deadLetters(streams);
      return letters.length === 1 ? letters : undefined;
    });
    expect(letter).toMatchObject({ 'roadstream:code': 'TOO_LARGE' });
    expect(JSON.parse(letter?.['roadstream:payload'] ?? '[]')).toHaveLength(9_000);
    expect(await pending(streams.stream)).toBe(0);
  });

  it('goes on after the group was flushed away', async () => {
    const streams = testStreams();
    const ran: string[] = [];
    start(streams, async ({ jobId }) => void ran.push(jobId));
    await redis.xadd(streams.stream, '*', 'jobId', 'before');
    await eventually('the first run', () => ran.length === 1);
    await redis.del(streams.stream, streams.high);
    await redis.xadd(streams.stream, '*', 'jobId', 'after');
    await eventually('the second run', () => ran.length === 2);
    expect(ran).toEqual(['before', 'after']);
  });
});
