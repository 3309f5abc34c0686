import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { describe, expect, it } from '@jest/globals';
import { PermanentStepError } from '../../src/job/errors.js';
import { connect } from '../../src/redis/connection.js';
import { derivedKey } from '../../src/redis/derived-key.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testEngine, testQueue, testStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();

describe('the dead-letter stream', () => {
  async function withDeadLetters() {
    const streams = testStreams();
    const connection = connect({ url: server.url }, 'commands');
    const letters = new DeadLetters(connection, {
      lanes: [streams.high, streams.stream],
      dlq: streams.dlq,
      group: GROUP,
    });
    const ran: string[] = [];
    let healthy = false;
    const engine = testEngine(testQueue(server.url, streams), async ({ jobId, fields }) => {
      ran.push(jobId);
      if (!healthy) throw new PermanentStepError(fields.code ?? 'HLS_NOT_FOUND', 'The camera is gone.');
    });
    engine.worker.start();
    return {
      streams,
      letters,
      ran,
      heal: () => (healthy = true),
      dead: (count: number) =>
        eventually(`${count} dead letters`, async () => (await redis.xlen(streams.dlq)) === count),
      async stop() {
        await engine.worker.drain();
        await engine.queue.close();
        connection.disconnect();
      },
    };
  }

  it('shows the reason, and the payload as it came', async () => {
    const { streams, letters, dead, stop } = await withDeadLetters();
    await redis.xadd(streams.high, '*', 'jobId', 'a', Buffer.from([0xff, 0xfe]), 'odd');
    await dead(1);
    const [letter] = await letters.list(10);
    expect(letter).toMatchObject({
      code: 'HLS_NOT_FOUND',
      message: 'The camera is gone.',
      attempts: 1,
      stream: streams.high,
      payload: { jobId: 'a', 'hex:fffe': 'odd' },
    });
    expect(await letters.get((letter as { id: string }).id)).toEqual(letter);
    await stop();
  });

  it('puts a job back once, into the stream it came from, under the name it had', async () => {
    const { streams, letters, ran, heal, dead, stop } = await withDeadLetters();
    const entryId = await redis.xadd(streams.stream, '*', 'note', 'no name of its own');
    await dead(1);
    heal();
    expect(await letters.redrive({})).toBe(1);
    expect(await letters.redrive({})).toBe(0);
    await eventually('it ran again', () => ran.length === 2);
    expect(ran).toEqual([entryId, entryId]);
    expect(await redis.xlen(streams.dlq)).toBe(0);
    await stop();
  });

  it('redrives and purges by reason', async () => {
    const { streams, letters, heal, dead, stop } = await withDeadLetters();
    for (const code of ['A', 'B', 'A', 'C']) await redis.xadd(streams.stream, '*', 'code', code);
    await dead(4);
    heal();
    expect(await letters.redrive({ code: 'A' })).toBe(2);
    expect(await letters.purge({ code: 'B' })).toBe(1);
    expect((await letters.list(10)).map(({ code }) => code)).toEqual(['C']);
    await stop();
  });

  it('counts what it holds by code, through discards, redrives and purges', async () => {
    const { streams, letters, heal, dead, stop } = await withDeadLetters();
    const counted = () => redis.hgetall(derivedKey(streams.stream, 'dead'));
    for (const code of ['A', 'B', 'A', 'C', 'not a code']) await redis.xadd(streams.stream, '*', 'code', code);
    await dead(5);
    expect(await counted()).toEqual({ A: '2', B: '1', C: '1', OTHER: '1' });
    heal();
    await letters.redrive({ code: 'A' });
    await letters.purge({ code: 'B' });
    expect(await counted()).toEqual({ C: '1', OTHER: '1' });
    await letters.purge({});
    expect(await counted()).toEqual({});
    await stop();
  });

  it('counts 64 codes, and the rest together', async () => {
    const { streams, letters, dead, stop } = await withDeadLetters();
    const counted = () => redis.hgetall(derivedKey(streams.stream, 'dead'));
    for (let i = 0; i < 70; i += 1) await redis.xadd(streams.stream, '*', 'code', `CODE_${i}`);
    await dead(70);
    expect(await counted()).toMatchObject({ OTHER: '6' });
    expect(await redis.hlen(derivedKey(streams.stream, 'dead'))).toBe(65);
    await letters.purge({});
    expect(await counted()).toEqual({});
    await stop();
  });

  it('takes a job although its count is refused', async () => {
    const { streams, letters, dead, stop } = await withDeadLetters();
    await redis.set(derivedKey(streams.stream, 'dead'), 'no hash');
    await redis.xadd(streams.stream, '*', 'code', 'A');
    await dead(1);
    expect(await letters.purge({})).toBe(1);
    await stop();
  });
});
