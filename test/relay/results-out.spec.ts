import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResultsOut, SendResults } from '../../src/relay/results-out.js';
import { eventually } from '../support/eventually.js';
import { RelayBench } from '../support/relay-bench.js';
import { RedisServer } from '../support/redis-server.js';
import { useRedis } from '../support/use-redis.js';

const RESULTS = 'stream:preprocess:results';
const GROUP = 'relay-test';

const { server, redis } = useRedis({ flush: true, endFirst: () => bench.close() });
let bench: RelayBench;
let ways: ResultsOut[] = [];

beforeAll(async () => (bench = await RelayBench.on(server.url)));

afterEach(() => Promise.all(ways.splice(0).map((way) => way.stop())));

async function sendBy(send: SendResults): Promise<void> {
  ways = bench.base.resultsOut('test', send);
  ways.forEach((way) => way.start());
  await eventually('the group is there', async () => {
    const groups = (await redis.xinfo('GROUPS', RESULTS).catch(() => [])) as string[][];
    return groups.some((group) => group.includes(GROUP));
  });
}

const publish = (jobId: string) => redis.xadd(RESULTS, '*', 'jobId', jobId, 'outcome', 'completed');

async function leftOver(): Promise<number> {
  const [group] = ((await redis.xinfo('GROUPS', RESULTS)) as (string | number)[][]).filter((row) =>
    row.includes(GROUP),
  );
  const of = (name: string) => Number(group![group!.indexOf(name) + 1]);
  return of('pending') + of('lag');
}

describe('results on their way out', () => {
  it('go once and in their order, those of a first start on', async () => {
    const sent: string[] = [];
    await publish('before');
    await sendBy(async (results) => {
      sent.push(...results.map(({ kind, fields }) => `${kind} ${fields['jobId']}`));
      return { sent: results.map(({ id }) => id) };
    });
    for (let i = 0; i < 25; i += 1) await publish(`job-${i}`);
    await eventually('all are done with', async () => sent.length >= 25 && (await leftOver()) === 0);
    expect(sent).toEqual(Array.from({ length: 25 }, (_, i) => `inspection job-${i}`));
    expect(await bench.sample('roadstream_relay_messages_total{relay="test",direction="out",result="sent"}')).toBe(25);
  });

  it('stay in hand while the other side takes some or none, and are marked as done only when it has them', async () => {
    const [took, tries]: [string[], number[]] = [[], []];
    await sendBy(async (results) => {
      tries.push(results.length);
      if (tries.length === 1) throw new Error('They are away.');
      const accepted = tries.length === 2 ? results.slice(1, 2) : results;
      took.push(...accepted.map(({ fields }) => fields['jobId'] as string));
      return { sent: accepted.map(({ id }) => id), error: new Error('They took some.') };
    });
    await redis
      .multi()
      .xadd(RESULTS, '*', 'jobId', 'a')
      .xadd(RESULTS, '*', 'jobId', 'b')
      .xadd(RESULTS, '*', 'jobId', 'c')
      .exec();
    await eventually('the first try', () => tries.length === 1);
    expect(await leftOver()).toBe(3);
    await eventually('all are done with', async () => (await leftOver()) === 0);
    expect(took).toEqual(['b', 'a', 'c']);
    const said = bench.lines.map(({ msg }) => msg).filter((msg) => msg.includes('results to test'));
    expect(said).toEqual([
      'cannot send results to test; nothing is lost, trying on. They are away.',
      expect.stringMatching(/^can send results to test again, after \d+ s$/),
    ]);
  });

  it('are given up, and told, where the other side never takes them', async () => {
    await sendBy(async (results) => ({
      sent: [],
      refused: results.map(({ id }) => ({ id, why: 'It is too large.' })),
    }));
    await publish('a');
    await eventually('it is done with', async () => (await leftOver()) === 0);
    expect(bench.lines.at(-1)?.msg).toBe('a message was given up: It is too large.');
  });

  it('are not sent again for a Redis that was away right after they were sent, and came back', async () => {
    const keeping = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    const other = await RelayBench.on(keeping.url);
    const client = keeping.client();
    await client.xadd(RESULTS, '*', 'jobId', 'a');
    await client.xgroup('CREATE', RESULTS, GROUP, '0');
    const sent: string[] = [];
    const own = other.base.resultsOut('test', async (results) => {
      sent.push(...results.map(({ fields }) => fields['jobId'] as string));
      await keeping.down('SIGKILL');
      return { sent: results.map(({ id }) => id) };
    });
    own.forEach((way) => way.start());
    try {
      await eventually('it says so', () => other.lines.some(({ msg }) => msg.startsWith('cannot send')));
      await keeping.up();
      await eventually('it is done with', async () => (await client.xpending(RESULTS, GROUP))[0] === 0);
      expect(sent).toEqual(['a']);
    } finally {
      await Promise.all(own.map((way) => way.stop()));
      await other.close();
      await keeping.stop();
    }
  });
});
