import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as after } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { ReadOnlyFolder } from '../support/read-only-folder.js';
import { Field } from './field.js';
import type { Fleet } from './fleet.js';
import { monotonicMs, type JournalLine } from './journal.js';

const VISIBILITY_MS = 2_000;
/** Of each worker here. */
const SLOTS = 2;
/** A busy machine may be late by so much. */
const TARDINESS_MS = 1_500;

jest.setTimeout(90_000);

describe('a worker in trouble', () => {
  let field: Field;

  beforeEach(async () => {
    field = await Field.prepare();
  });
  afterEach(() => field.clear());

  const starts = (entry: string): (JournalLine & { kind: 'start' })[] =>
    field
      .journal()
      .filter((line): line is JournalLine & { kind: 'start' } => line.kind === 'start' && line.entry === entry);

  const started = (entry: string, times = 1): Promise<JournalLine> =>
    eventually(`run ${times} of ${entry}`, () => starts(entry)[times - 1]);

  /** Queues jobs of one length and waits until all of them run. */
  async function inHand(count: number, lengthMs: number): Promise<string[]> {
    const orders = Array.from({ length: count }, (_unused, i) => ({ jobId: `job-${i}`, lengthMs }));
    const entries: string[] = [];
    for (const order of orders) entries.push(await field.enqueue(order));
    await Promise.all(entries.map((entry) => started(entry)));
    return entries;
  }

  it('gives back on SIGTERM what does not end in time, and another worker takes it up within 2 s at no cost of an attempt', async () => {
    // A lease that would outlast the test: only a release explains what comes.
    const plan = { visibilityMs: 60_000, graceMs: 1_500 };
    const stopping = field.fleet({ ...plan, concurrency: 3 });
    const [worker] = [stopping.add()];
    const short = await field.enqueue({ jobId: 'short', lengthMs: 1_000 });
    const long = await field.enqueue({ jobId: 'long', lengthMs: 6_000 });
    const longer = await field.enqueue({ jobId: 'longer', lengthMs: 7_000 });
    await Promise.all([short, long, longer].map((entry) => started(entry)));
    field.fleet(plan).add();
    await field.line('the other worker', (line) => line.kind === 'ready' && line.worker !== worker.name);
    await stopping.stop();
    await Promise.all([started(long, 2), started(longer, 2)]);
    await field.settled();
    expect(starts(short)).toHaveLength(1);
    for (const entry of [long, longer]) {
      const [, again] = starts(entry);
      const released = field.journal().find((line) => line.kind === 'end' && line.entry === entry);
      expect(released).toMatchObject({ worker: worker.name, result: 'STOPPING' });
      expect(again?.attempt).toBe(1);
      expect((again?.at ?? Infinity) - (released?.at ?? 0)).toBeLessThan(2_000 + TARDINESS_MS);
    }
  });

  it('claims again within 10 s after its connections became black holes', async () => {
    field.fleet({ visibilityMs: 30_000 }).add();
    await inHand(1, 10);
    await field.settled();
    field.proxy.swallow();
    const from = monotonicMs();
    const entry = await field.enqueue({ jobId: 'behind the hole', lengthMs: 10 });
    const { at } = await started(entry);
    expect(at - from).toBeLessThan(10_000);
    await field.settled();
    expect(starts(entry)).toHaveLength(1);
  });

  it('claims again within 10 s after a broken line came back as a black hole for a while', async () => {
    field.fleet({ visibilityMs: 30_000 }).add();
    await inHand(1, 10);
    await field.settled();
    // By the time of the cut the worker waits for answers.
    field.proxy.swallow();
    await after(3_500);
    field.proxy.swallowNew(true);
    field.proxy.cut();
    await after(1_500);
    field.proxy.swallowNew(false);
    const from = monotonicMs();
    const entry = await field.enqueue({ jobId: 'behind the hole', lengthMs: 10 });
    const { at } = await eventually('it runs', () => starts(entry)[0], 30_000);
    expect(at - from).toBeLessThan(10_000);
    await field.settled();
    expect(starts(entry)).toHaveLength(1);
  });

  it('runs no job twice while a handler blocks the event loop for twice the lease', async () => {
    const fleet = field.fleet({ visibilityMs: VISIBILITY_MS });
    fleet.add();
    fleet.add();
    const blocking = { lengthMs: 100, blockMs: 2 * VISIBILITY_MS };
    const entries = [
      await field.enqueue({ jobId: 'blocking', ...blocking }),
      await field.enqueue({ jobId: 'beside it', lengthMs: 3 * VISIBILITY_MS }),
      await field.enqueue({ jobId: 'elsewhere', ...blocking }),
      await field.enqueue({ jobId: 'and beside that', lengthMs: 3 * VISIBILITY_MS }),
    ];
    await Promise.all(entries.map((entry) => started(entry)));
    await field.settled();
    expect(entries.map((entry) => starts(entry).length)).toEqual([1, 1, 1, 1]);
    expect(field.history(VISIBILITY_MS).overlaps()).toEqual([]);
  });

  /** Queues short jobs of a name and waits until all of them have begun. */
  async function inHandBy(name: string, count: number): Promise<string[]> {
    const entries: string[] = [];
    for (let i = 0; i < count; i += 1) entries.push(await field.enqueue({ jobId: `${name} ${i}`, lengthMs: 300 }));
    await Promise.all(entries.map((entry) => started(entry)));
    return entries;
  }

  /** Two workers that run four jobs and have slots to spare: what looks expired would be taken up at once. */
  async function fourInHand(lengthMs: number): Promise<{ fleet: Fleet; entries: string[] }> {
    const fleet = field.fleet({ visibilityMs: VISIBILITY_MS, concurrency: 4 });
    fleet.add();
    fleet.add();
    return { fleet, entries: await inHand(4, lengthMs) };
  }

  it.each([2, 4])('runs no job twice while Redis is frozen for %i leases with jobs in hand', async (leases) => {
    const { entries } = await fourInHand((leases + 3) * VISIBILITY_MS);
    // It has a line of its own and is the first to look when Redis moves again; the others' renewals come later.
    const first = field.fleet({ visibilityMs: VISIBILITY_MS, concurrency: 4, redisUrl: field.server.url }).add();
    await field.line('the first to look', ({ kind, worker }) => kind === 'renewed' && worker === first.name);
    process.kill(field.server.pid, 'SIGSTOP');
    const stalled = field.proxy.stall(leases * VISIBILITY_MS + 300);
    await after(leases * VISIBILITY_MS);
    process.kill(field.server.pid, 'SIGCONT');
    await stalled;
    await field.settled(40_000);
    expect(entries.map((entry) => starts(entry).length)).toEqual([1, 1, 1, 1]);
  });

  it.each([1_500, 3_500])('runs no job twice when Redis dies and is back after %i ms', async (awayMs) => {
    const { fleet, entries } = await fourInHand(awayMs + 3 * VISIBILITY_MS);
    await field.server.down('SIGKILL');
    await after(awayMs);
    await field.server.up();
    // Somebody who starts now looks at once, before the others had a chance to renew.
    fleet.add();
    await field.settled(40_000);
    expect(entries.map((entry) => starts(entry).length)).toEqual([1, 1, 1, 1]);
  });

  it('loses no job and spends no attempt while the artifacts folder is read-only for a while, and goes on by itself', async () => {
    const folder = ReadOnlyFolder.make(field.artifacts);
    const fleet = field.fleet({ visibilityMs: 30_000 });
    const workers = [fleet.add(), fleet.add()];
    const entries = await inHand(SLOTS * workers.length, 500);
    await folder.forbid();
    const refused = () => field.journal().filter((line) => line.kind === 'end' && line.result.startsWith('STORAGE_'));
    for (let i = 0; i < 20; i += 1) entries.push(await field.enqueue({ jobId: `later-${i}`, lengthMs: 50 }));
    await eventually('all in hand was refused', () => refused().length >= SLOTS * workers.length);
    await folder.allow();
    await field.settled(40_000);
    expect(await field.deadLetters()).toEqual(new Map());
    const ends = field.journal().filter((line) => line.kind === 'end' && line.result === 'ok');
    expect(ends.map((line) => 'entry' in line && line.entry).sort()).toEqual([...entries].sort());
    const runs = entries.flatMap((entry) => starts(entry));
    expect(new Set(runs.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    // Only what was in hand already ran twice: nothing was claimed in vain.
    expect(runs).toHaveLength(entries.length + SLOTS * workers.length);
    await fleet.stop();
    await folder.clear();
  });

  it('loses no job, runs none twice and spends no attempt while rights to Redis are taken away and given back', async () => {
    const { entries } = await fourInHand(500);
    // Neither claiming nor settling nor renewing: each in its turn, with jobs in hand that end meanwhile.
    for (const command of ['-xack', '-xreadgroup', '-xclaim', '-xpending']) {
      entries.push(...(await inHandBy(`${command} soon`, 4)));
      await field.redis.call('ACL', 'SETUSER', 'default', command);
      await after(VISIBILITY_MS / 2);
      await field.redis.call('ACL', 'SETUSER', 'default', command.replace('-', '+'));
    }
    await field.settled(40_000);
    expect(entries.map((entry) => starts(entry).map(({ attempt }) => attempt))).toEqual(entries.map(() => [1]));
    expect(await field.deadLetters()).toEqual(new Map());
  });

  it.each([2, -2])(
    "leaves living workers their jobs and takes up a dead one's although its clock is %i h wrong",
    async (hours) => {
      const good = field.fleet({ visibilityMs: VISIBILITY_MS, concurrency: 4 });
      const wrong = field.fleet({ visibilityMs: VISIBILITY_MS, concurrency: 4, clockOffMs: hours * 3_600_000 });
      good.add();
      const [worker] = [wrong.add()];
      await field.line('the wrong one', ({ kind, worker: name }) => kind === 'ready' && name === worker.name);
      const long = await inHand(6, 3 * VISIBILITY_MS);
      await field.settled(40_000);
      expect(long.map((entry) => starts(entry).length)).toEqual(long.map(() => 1));
      expect(field.history(VISIBILITY_MS).overlaps()).toEqual([]);
    },
  );

  it('sets a job aside that kills its worker every time, after its first delivery and REDIS_MAX_RETRY more', async () => {
    field.fleet({ visibilityMs: 1_000, maxRetry: 2 }).add();
    const entry = await field.enqueue({ jobId: 'poison', lengthMs: 10, dieAt: ['after capture'], diesAlways: true });
    await eventually('the dead letter', async () => (await field.deadLetters()).has(entry), 40_000);
    expect(starts(entry).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect([...(await field.deadLetters()).values()]).toEqual(['TOO_MANY_DELIVERIES']);
    await field.settled();
  });
});
