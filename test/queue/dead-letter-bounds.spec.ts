import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueueNames } from '../../src/job/kind.js';
import { LetterKeeper } from '../../src/queue/dead-letters/letter-keeper.js';
import { deadCodesKey } from '../../src/queue/lane-keys.js';
import { defineScripts } from '../../src/queue/scripts.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis({ flush: true });
const NAMES: QueueNames = { lanes: ['{jobs}:high', '{jobs}'], dlq: '{jobs}:dlq', group: 'workers' };
const DAY_MS = 86_400_000;
const BOUNDS = { keepMs: 30 * DAY_MS, most: 1_000 };

let connection: Connection;

beforeAll(() => {
  connection = connect({ url: server.url }, 'commands');
  defineScripts(connection);
});
afterAll(() => connection.disconnect());

/** Dead letters of this age; their codes in turn. Gives when the first was, ms; each further one is a millisecond later. */
async function letters(count: number, daysOld: number, codes: readonly string[], dlq = NAMES.dlq): Promise<number> {
  const at = Date.now() - daysOld * DAY_MS;
  const fill = redis.pipeline();
  for (let i = 0; i < count; i += 1)
    fill.xadd(dlq, `${at + i}-0`, 'cctvId', 'cam', 'roadstream:code', codes[i % codes.length] as string);
  await fill.exec();
  return at;
}

const counted = () => redis.hgetall(deadCodesKey(NAMES));
const keeper = () => new LetterKeeper(connection, NAMES, BOUNDS);

describe('dead letters', () => {
  beforeEach(async () => expect(await redis.exists(NAMES.dlq)).toBe(0));

  it('are dropped when they are too old, and told of', async () => {
    await letters(3, 31, ['A', 'B', 'A']);
    await letters(2, 29, ['A', 'C']);
    const kept = keeper();
    expect(await kept.tidy()).toEqual({ tooOld: 3, tooMany: 0 });
    expect(await redis.xlen(NAMES.dlq)).toBe(2);
    expect(await kept.tidy()).toEqual({ tooOld: 0, tooMany: 0 });
    expect(await counted()).toEqual({ A: '1', C: '1' });
  });

  it('are dropped when they are too many, the oldest first', async () => {
    const at = await letters(2_600, 1, ['A', 'B']);
    expect(await keeper().tidy()).toEqual({ tooOld: 0, tooMany: 1_600 });
    expect(await redis.xlen(NAMES.dlq)).toBe(1_000);
    expect(await counted()).toEqual({ A: '500', B: '500' });
    const [oldest] = await redis.xrange(NAMES.dlq, '-', '+', 'COUNT', 1);
    expect(oldest?.[0]).toBe(`${at + 1_600}-0`);
  });

  it('are dropped in steps of a known size', async () => {
    await letters(1_700, 31, ['A']);
    await redis.config('RESETSTAT');
    await keeper().tidy();
    const stats = await redis.info('commandstats');
    // 500 with each of the first three calls, the rest with the fourth; one look for the numbers, one for the new count.
    expect(stats).toMatch(/cmdstat_evalsha:calls=[4-9],/);
    expect(await redis.exists(NAMES.dlq)).toBe(1);
    expect(await redis.xlen(NAMES.dlq)).toBe(0);
  });

  it.each([
    ['is lost', () => redis.del(deadCodesKey(NAMES))],
    ['is of others', () => redis.hset(deadCodesKey(NAMES), 'X', 5)],
  ])('are counted anew by code when the count %s', async (_how, spoil) => {
    await letters(900, 1, ['A', 'B', 'B']);
    await spoil();
    await keeper().tidy();
    expect(await counted()).toEqual({ A: '300', B: '600' });
  });

  it('are counted to the end although more come meanwhile, and those of too many codes together', async () => {
    await letters(
      1_000,
      1,
      Array.from({ length: 100 }, (_, i) => `CODE_${i}`),
    );
    const counting = keeper().tidy();
    await letters(10, 0, ['LATE']);
    await counting;
    await keeper().tidy();
    const counts = Object.values(await counted()).map(Number);
    expect(counts).toHaveLength(65);
    expect(counts.reduce((sum, count) => sum + count)).toBe(await redis.xlen(NAMES.dlq));
  });
});

it('are dropped by a running service, which says so', async () => {
  await letters(7, 3, ['A'], 'stream:preprocess:dlq');
  await letters(5, 0, ['B'], 'stream:preprocess:dlq');
  const service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect', DLQ_KEEP_DAYS: '2', DLQ_MAX: '4' });
  try {
    await eventually('the old ones are gone', async () => (await redis.xlen('stream:preprocess:dlq')) === 4);
    await eventually('the log says so', () => service.output.includes('deleted dead letters for good'));
    expect(service.output).toMatch(/"tooOld":7,"tooMany":1/);
    const dropped = 'roadstream_dead_letters_dropped_total{kind="inspection"';
    expect(await service.metric(`${dropped},reason="age"}`)).toBe(7);
    expect(await service.metric(`${dropped},reason="number"}`)).toBe(1);
  } finally {
    await service.stop();
  }
}, 60_000);
