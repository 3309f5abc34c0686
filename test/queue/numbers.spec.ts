import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QueueNames } from '../../src/job/kind.js';
import { laneKeys } from '../../src/queue/lane-keys.js';
import { LaneCounter } from '../../src/queue/numbers/lane-numbers.js';
import { QueueNumbers } from '../../src/queue/numbers/queue-numbers.js';
import { defineScripts } from '../../src/queue/scripts.js';
import { connect, type Connection } from '../../src/redis/connection.js';
import { RedisClock } from '../../src/redis/redis-clock.js';
import { useRedis } from '../support/use-redis.js';

let connection: Connection | undefined;
const { server, redis } = useRedis({ endFirst: () => connection?.disconnect() });
const GROUP = 'workers';
let last = 0;

function connected(): Connection {
  if (connection === undefined) defineScripts((connection = connect({ url: server.url }, 'commands')));
  return connection;
}

function freshNames(): QueueNames {
  const stream = `jobs-${(last += 1)}`;
  return { lanes: [`{${stream}}:high`, `{${stream}}`], dlq: `{${stream}}:dlq`, group: GROUP };
}

/** A stream that others write to, read, trim and delete from as they like, and what is said of it. */
class OddStream {
  readonly stream = freshNames().lanes[1] as string;
  private readonly counter = new LaneCounter(connected(), laneKeys(this.stream, GROUP), GROUP, new RedisClock());

  async begin(): Promise<void> {
    await redis.xgroup('CREATE', this.stream, GROUP, '0', 'MKSTREAM');
  }

  async add(count: number): Promise<void> {
    const fill = redis.pipeline();
    for (let i = 0; i < count; i += 1) fill.xadd(this.stream, '*', 'a', 'b');
    await fill.exec();
  }

  async deliver(count: number): Promise<void> {
    await redis.xreadgroup('GROUP', GROUP, 'c', 'COUNT', count, 'STREAMS', this.stream, '>');
  }

  async trim(to: number): Promise<void> {
    await redis.xtrim(this.stream, 'MAXLEN', to);
  }

  /** @param at 0 the first of all, 1 the last */
  async delete(at: number): Promise<void> {
    const ids = await this.ids();
    const id = ids[Math.floor(at * (ids.length - 1))];
    if (id !== undefined) await redis.xdel(this.stream, id);
  }

  async setGroup(at: number): Promise<void> {
    const ids = await this.ids();
    await redis.xgroup('SETID', this.stream, GROUP, ids[Math.floor(at * (ids.length - 1))] ?? '0');
  }

  async recreate(): Promise<void> {
    await redis.del(this.stream);
    await this.begin();
  }

  said = async (): Promise<number> => (await this.counter.read()).undelivered;

  async true(): Promise<number> {
    const [flat] = (await redis.xinfo('GROUPS', this.stream)) as unknown[][];
    const delivered = String(flat?.[flat.indexOf('last-delivered-id') + 1]);
    return (await redis.xrange(this.stream, `(${delivered}`, '+')).length;
  }

  private async ids(): Promise<string[]> {
    return (await redis.xrange(this.stream, '-', '+')).map(([id]) => id);
  }
}

type Step = [name: 'add' | 'deliver' | 'trim' | 'look', count: number] | ['delete' | 'setGroup', number] | ['recreate'];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('add', 'deliver', 'trim'), fc.integer({ min: 1, max: 30 })) },
  { weight: 4, arbitrary: fc.constant<Step>(['look', 0]) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('delete', 'setGroup'), fc.double({ min: 0, max: 1, noNaN: true })) },
  { weight: 1, arbitrary: fc.constant<Step>(['recreate']) },
);

async function take(odd: OddStream, [name, count = 0]: Step): Promise<void> {
  if (name === 'recreate') return odd.recreate();
  if (name !== 'look') return odd[name](count);
  expect(await odd.said()).toBe(await odd.true());
}

/** Calls of a command since the last reset. */
async function callsOf(command: string): Promise<number> {
  const stats = await redis.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

describe('the number of what was not delivered', () => {
  it('is right whatever others add, read, trim, delete and set between two looks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const odd = new OddStream();
        await odd.begin();
        for (const each of steps) await take(odd, each);
        await take(odd, ['look', 0]);
        await redis.del(odd.stream);
      }),
      { numRuns: 150 },
    );
  });

  it('is counted once, and then costs the same however much waits', async () => {
    const odd = new OddStream();
    await odd.begin();
    await odd.add(3_000);
    await odd.deliver(100);
    expect(await odd.said()).toBe(2_900);
    await redis.config('RESETSTAT');
    for (let round = 1; round <= 10; round += 1) {
      await odd.add(5);
      await odd.deliver(100);
      // What was delivered may be trimmed.
      await redis.xtrim(odd.stream, 'MAXLEN', (await redis.xlen(odd.stream)) - 50);
      expect(await odd.said()).toBe(2_900 - 95 * round);
    }
    // One look for the oldest that was not delivered.
    expect(await callsOf('xrange')).toBe(10);
  });

  it('is what Redis says where it is too many to count, and exact again before it runs low', async () => {
    const odd = new OddStream();
    await odd.begin();
    await odd.add(12_000);
    // Redis will go on counting the first thousand.
    await odd.trim(11_000);
    await odd.deliver(1);
    expect([10_999, 11_999]).toContain(await odd.said());
    await odd.deliver(4_000);
    expect([6_999, 7_999]).toContain(await odd.said());
    await odd.deliver(2_000);
    expect(await odd.said()).toBe(4_999);
  });
});

describe('the numbers of a queue', () => {
  afterAll(() => redis.flushall());

  it('are all there when nothing is', async () => {
    const names = freshNames();
    const numbers = new QueueNumbers(connected(), names, new RedisClock());
    const none = { length: 0, undelivered: 0, running: 0, waiting: 0, demand: 0 };
    expect(await numbers.read()).toEqual({
      lanes: names.lanes.map((stream) => ({ stream, ...none })),
      deadLetters: { total: 0, byCode: {} },
      readers: [],
    });
    await redis.xadd(names.lanes[1] as string, '*', 'a', 'b');
    expect((await numbers.read()).lanes[1]).toMatchObject({ undelivered: 1, running: 0, demand: 1 });
  });

  it('tell what runs, what waits, and how old the oldest of each is', async () => {
    const names = freshNames();
    const stream = names.lanes[1] as string;
    const now = Date.now();
    const clock = new RedisClock();
    await redis.xgroup('CREATE', stream, GROUP, '0', 'MKSTREAM');
    for (const age of [90_000, 80_000, 70_000, 60_000]) await redis.xadd(stream, `${now - age}-0`, 'a', 'b');
    await redis.xreadgroup('GROUP', GROUP, 'worker', 'COUNT', 1, 'STREAMS', stream, '>');
    await redis.xreadgroup('GROUP', GROUP, 'waiting', 'COUNT', 2, 'STREAMS', stream, '>');
    const { waiting } = laneKeys(stream, GROUP);
    await redis.zadd(waiting, now - 5_000, `${now - 80_000}-0`, now + 60_000, `${now - 70_000}-0`);
    const numbers = new QueueNumbers(connected(), names, clock);
    const [, lane] = (await numbers.read()).lanes;
    expect(lane).toMatchObject({ length: 4, undelivered: 1, running: 1, waiting: 2, demand: 4 });
    expect(lane?.oldestPendingMs).toBeGreaterThanOrEqual(90_000);
    expect(lane?.oldestUndeliveredMs).toBeGreaterThanOrEqual(60_000);
    expect(lane?.oldestUndeliveredMs).toBeLessThan(70_000);
    expect(lane?.oldestDueMs).toBeGreaterThanOrEqual(5_000);
    await redis.zrem(waiting, `${now - 80_000}-0`);
    // What is not due yet is not overdue.
    expect((await numbers.read()).lanes[1]).toMatchObject({ oldestDueMs: undefined });
  });

  it('tell how far those are who read the results', async () => {
    const results = `${freshNames().lanes[1] ?? ''}:results`;
    const numbers = new QueueNumbers(connected(), { ...freshNames(), results }, new RedisClock());
    const read = async () => (await numbers.read()).readers;
    expect(await read()).toEqual([]);
    const now = Date.now();
    for (const group of ['ledger', 'quick', 'slow']) await redis.xgroup('CREATE', results, group, '0', 'MKSTREAM');
    for (const age of [7_200_000, 60_000, 1_000]) await redis.xadd(results, `${now - age}-0`, 'a', 'b');
    // One has read all and finished all, one has not finished what it read first.
    await redis.xreadgroup('GROUP', 'quick', 'c', 'STREAMS', results, '>');
    await redis.xack(results, 'quick', `${now - 7_200_000}-0`, `${now - 60_000}-0`, `${now - 1_000}-0`);
    await redis.xreadgroup('GROUP', 'slow', 'c', 'COUNT', 2, 'STREAMS', results, '>');
    await redis.xack(results, 'slow', `${now - 7_200_000}-0`);
    const [ledger, quick, slow] = await read();
    expect(quick).toEqual({ group: 'quick', oldestUnreadMs: undefined });
    expect(ledger?.oldestUnreadMs).toBeGreaterThanOrEqual(7_200_000);
    expect(slow?.oldestUnreadMs).toBeGreaterThanOrEqual(60_000);
    expect(slow?.oldestUnreadMs).toBeLessThan(7_200_000);
    for (let i = 0; i < 30; i += 1) await redis.xgroup('CREATE', results, `more-${i}`, '0');
    expect(await read()).toHaveLength(20);
  });

  it('tell dead letters by code, those of an earlier version as others', async () => {
    const names = freshNames();
    for (let i = 0; i < 3; i += 1) await redis.xadd(names.dlq, `${1_000 + i}-0`, 'roadstream:code', 'A');
    await redis.hset(`${names.lanes[1] ?? ''}:dead`, 'A', 2);
    const numbers = new QueueNumbers(connected(), names, new RedisClock());
    expect((await numbers.read()).deadLetters).toEqual({ total: 3, byCode: { A: 2, OTHER: 1 }, oldestAt: 1_000 });
  });
});
