import { DeadLetters } from '../../src/queue/dead-letters/dead-letters.js';
import { describe, expect, it } from '@jest/globals';
import { PermanentStepError } from '../../src/job/errors.js';
import { connect } from '../../src/redis/connection.js';
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
});
