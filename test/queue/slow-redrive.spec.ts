import { afterEach, describe, expect, it } from '@jest/globals';
import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { paceKey } from '../../src/queue/lane-keys.js';
import { connect } from '../../src/redis/connection.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { GROUP, testEngine, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();
const DAY_MS = 86_400_000;

describe('what is put back slowly', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  const namesOf = ({ high, stream, dlq }: TestStreams) => ({ lanes: [high, stream], dlq, group: GROUP });

  function lettersOf(streams: TestStreams): DeadLetters {
    const connection = connect({ url: server.url }, 'commands');
    ends.push(() => connection.disconnect());
    return new DeadLetters(connection, namesOf(streams));
  }

  async function fill(stream: string, dlq: string, count: number): Promise<void> {
    const all = redis.pipeline();
    for (let n = 0; n < count; n += 1)
      all.xadd(dlq, '*', 'jobId', `job-${n}`, 'cctvId', 'c', 'roadstream:code', 'A', 'roadstream:stream', stream);
    await all.exec();
  }

  async function dueTimes(stream: string): Promise<number[]> {
    const entries = await redis.xrange(stream, '-', '+');
    return entries.map(([, flat]) => Number(toFields(flat)['roadstream:notBefore']));
  }

  const gapsOf = (times: readonly number[]): number[] => times.slice(1).map((time, i) => time - (times[i] ?? 0));

  /** A worker that notes what it runs. */
  function work(streams: TestStreams): { ran: string[]; kill: () => Promise<void> } {
    const ran: string[] = [];
    const engine = testEngine(testQueue(server.url, streams), ({ jobId }, run) => {
      ran.push(`${jobId} ${run.attempt}`);
      return Promise.resolve();
    });
    engine.worker.start();
    const kill = async (): Promise<void> => {
      await engine.worker.drain();
      await engine.queue.close();
    };
    return { ran, kill };
  }

  it('comes due one by one, behind those of the call before', async () => {
    const streams = testStreams();
    const letters = lettersOf(streams);
    await fill(streams.stream, streams.dlq, 3);
    const first = await letters.redriveSlowly({}, 60);
    await fill(streams.stream, streams.dlq, 2);
    const second = await letters.redriveSlowly({ code: 'A' }, 30);
    const times = await dueTimes(streams.stream);
    expect(gapsOf(times)).toEqual([1_000, 1_000, 2_000, 2_000]);
    expect([first, second]).toEqual([
      { redriven: 3, lastAt: times[2], complete: true },
      { redriven: 2, lastAt: times[4], complete: true },
    ]);
    expect(await redis.xlen(streams.dlq)).toBe(0);
  });

  it('waits at no cost of an attempt, and runs when its time has come, whoever lives', async () => {
    const streams = testStreams();
    await fill(streams.stream, streams.dlq, 3);
    await lettersOf(streams).redriveSlowly({}, 20);
    const first = work(streams);
    await eventually('two wait', async () => (await redis.zcard(`${streams.stream}:waiting:${GROUP}`)) === 2);
    expect(first.ran).toEqual(['job-0 1']);
    await first.kill();
    const second = work(streams);
    ends.push(second.kill);
    await eventually('all ran', () => second.ran.length === 2);
    expect(second.ran).toEqual(['job-1 1', 'job-2 1']);
  });

  it('leaves what would wait for more than a week', async () => {
    const streams = testStreams();
    const letters = lettersOf(streams);
    await redis.set(paceKey(namesOf(streams)), Date.now() + 7 * DAY_MS - 90_000);
    await fill(streams.stream, streams.dlq, 3);
    expect(await letters.redriveSlowly({}, 1)).toMatchObject({ redriven: 1, complete: false });
    expect(await redis.xlen(streams.dlq)).toBe(2);
  });

  it('goes on with the rest when the call that put some back was cut off', async () => {
    const [stream, dlq, most] = ['stream:preprocess', 'stream:preprocess:dlq', 5_000];
    await fill(stream, dlq, most);
    const body = JSON.stringify({ filter: { all: true }, perMinute: 600 });
    const redrive = (service: Service): Promise<unknown> =>
      service.json('/api/v1/dead-letters/redrive', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const killed = await Service.start({ REDIS_URL: server.url, ROLES: 'schedule' });
    const call = redrive(killed).catch(() => 'cut off');
    await eventually('some are back', async () => (await redis.xlen(stream)) > 0);
    await killed.stop('SIGKILL');
    expect(await call).toBe('cut off');
    const done = await redis.xlen(stream);
    expect(await redis.xlen(dlq)).toBe(most - done);

    const next = await Service.start({ REDIS_URL: server.url, ROLES: 'schedule' });
    ends.push(() => next.stop());
    expect(await redrive(next)).toMatchObject({ redriven: most - done, complete: true });
    // A wider one where the second call came after all of the first were due.
    expect(Math.min(...gapsOf(await dueTimes(stream)))).toBe(100);
  }, 90_000);
});
