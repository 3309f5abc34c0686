import type { Budgets, Reservation } from '../../src/gemini/budget/budgets.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { budgetKeys, retiredKey } from '../../src/gemini/budget/keys.js';
import { slotOf } from '../../src/queue/one-slot.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { useRedis } from '../support/use-redis.js';
import { BudgetBench, budgetedKey } from './budget-bench.js';

const NOON = Date.parse('2026-03-07T20:00:00Z');
const MINUTE_MS = 60_000;

describe('the budgets of Gemini keys', () => {
  const { server } = useRedis({ flush: true });
  let bench: BudgetBench;

  beforeEach(async () => {
    bench = new BudgetBench(server);
    await bench.setTime(NOON);
  });
  afterEach(() => bench.close());

  const reserve = (budgets: Budgets, tokens = 10, without = new Set<string>()) =>
    budgets.reserve({ model: bench.model, tokens, without });

  async function reserved(budgets: Budgets, tokens = 10): Promise<Reservation> {
    const { reservation } = await reserve(budgets, tokens);
    return reservation as Reservation;
  }

  const projectsOf = (found: readonly { reservation: Reservation | undefined }[]) =>
    found.flatMap(({ reservation }) => reservation?.key.project ?? []).sort();

  it('give no more than the limit, however many workers ask at once', async () => {
    const keys = ['a', 'b', 'c'].map((id) => budgetedKey(id, { rpm: 5 }));
    const workers = [1, 2, 3, 4].map(() => bench.worker(keys));
    const asked = Array.from({ length: 40 }, (_, i) => reserve(workers[i % 4] as Budgets));
    const given = projectsOf(await Promise.all(asked));
    expect(given.join('')).toBe('aaaaabbbbbccccc');
  });

  it('take the project that has the largest part left', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('small', { rpm: 4 }), budgetedKey('large', { rpm: 8 })]);
    const order = [];
    for (let i = 0; i < 6; i += 1) order.push((await reserved(budgets)).key.id);
    expect(order).toEqual(['small', 'large', 'large', 'small', 'large', 'large']);
  });

  it('count the tokens of a minute, first as expected, then as used', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { tpm: 1_000 })]);
    const first = await reserved(budgets, 600);
    expect((await reserve(budgets, 600)).reservation).toBeUndefined();
    await budgets.settle(first, 300);
    expect((await reserve(budgets, 600)).reservation).toBeDefined();
    expect((await reserve(budgets, 101)).reservation).toBeUndefined();
  });

  it('let a question larger than the limit through when it is alone', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { tpm: 1_000 })]);
    const small = await reserved(budgets, 1);
    expect((await reserve(budgets, 5_000)).reservation).toBeUndefined();
    await budgets.settle(small, 1);
    await bench.setTime(NOON + 2 * MINUTE_MS);
    expect((await reserve(budgets, 5_000)).reservation).toBeDefined();
  });

  it('are shared by the keys of one project, which take turns', async () => {
    const keys = [budgetedKey('a', { project: 'p', rpm: 4 }), budgetedKey('b', { project: 'p', rpm: 9 })];
    const budgets = bench.workerOutOfTime(keys);
    const found = [];
    for (let i = 0; i < 5; i += 1) found.push((await reserve(budgets)).reservation?.key.id);
    expect(found).toEqual(['a', 'b', 'a', 'b', undefined]);
  });

  it('count a request from its reservation until a minute after its end', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { rpm: 1 })]);
    const slow = await reserved(budgets);
    await bench.setTime(NOON + 3 * MINUTE_MS);
    expect((await reserve(budgets)).standing.opensInMs).toBe(MINUTE_MS + 500);
    await budgets.settle(slow, 10);
    await bench.setTime(NOON + 4 * MINUTE_MS);
    expect((await reserve(budgets)).standing.opensInMs).toBe(500);
    await bench.setTime(NOON + 4 * MINUTE_MS + 500);
    expect((await reserve(budgets)).reservation).toBeDefined();
  });

  it('forget a minute later what Google turned away unread, which cost no tokens', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { rpm: 1 })]);
    await budgets.settle(await reserved(budgets, 0), 0);
    await bench.setTime(NOON + 2 * MINUTE_MS);
    expect((await reserve(budgets)).reservation).toBeDefined();
  });

  it('get back at once what was never sent', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { rpm: 1, rpd: 1, tpm: 1_000 })]);
    await budgets.giveBack(await reserved(budgets, 1_000));
    expect((await reserve(budgets, 1_000)).reservation).toBeDefined();
  });

  it('get back what a dead worker took when its request must be over', async () => {
    const keys = [budgetedKey('a', { rpm: 1 })];
    const budgets = bench.workerOutOfTime(keys, { longestRequestMs: 2 * MINUTE_MS });
    await reserve(budgets);
    await bench.setTime(NOON + 3 * MINUTE_MS);
    expect((await reserve(budgets)).reservation).toBeUndefined();
    await bench.setTime(NOON + 3 * MINUTE_MS + 500);
    expect((await reserve(budgets)).reservation).toBeDefined();
  });

  it('of a day begin anew at midnight in Los Angeles, less what is under way then', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { rpd: 3 })]);
    await bench.setTime(Date.parse('2026-03-08T07:59:00Z'));
    await budgets.settle(await reserved(budgets), 1);
    await budgets.settle(await reserved(budgets), 1);
    const overnight = await reserved(budgets);
    expect((await reserve(budgets)).standing.opensInMs).toBe(MINUTE_MS);
    await bench.setTime(Date.parse('2026-03-08T08:00:00Z'));
    await budgets.settle(overnight, 1);
    const found = [await reserve(budgets), await reserve(budgets), await reserve(budgets)];
    expect(projectsOf(found)).toEqual(['a', 'a']);
    // The day on which summer time begins is an hour shorter.
    expect(found[2]?.standing.opensInMs).toBe(23 * 60 * MINUTE_MS);
  });

  it('leave a project alone for as long as Google says, for all workers', async () => {
    const keys = [budgetedKey('a', { rpm: 100 }), budgetedKey('b', { rpm: 1 })];
    const [one, other] = [bench.workerOutOfTime(keys), bench.workerOutOfTime(keys)];
    await one.park(bench.model, 'a', 17_000);
    await one.park(bench.model, 'a', 3_000);
    expect((await reserved(other)).key.id).toBe('b');
    const { reservation, standing } = await reserve(other);
    expect(reservation).toBeUndefined();
    expect(standing).toMatchObject({ opensInMs: 17_000, parked: new Map([['a', 17_000]]) });
    await bench.setTime(NOON + 17_000);
    expect((await reserved(other)).key.id).toBe('a');
  });

  it('leave a project alone until tomorrow when its day is used up', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a')]);
    await budgets.park(bench.model, 'a', 'until tomorrow');
    expect((await reserve(budgets)).standing.opensInMs).toBe(Date.parse('2026-03-08T08:00:00Z') - NOON);
    const another = await budgets.reserve({ model: `${bench.model}-lite`, tokens: 1 });
    expect(another.reservation).toBeDefined();
  });

  it('do without a refused key, and take its correction of the same name', async () => {
    const bad = budgetedKey('bad', { project: 'p' });
    const good = budgetedKey('good', { project: 'p' });
    const budgets = bench.workerOutOfTime([bad, good]);
    await budgets.retire(bad);
    expect([await reserved(budgets), await reserved(budgets)].map(({ key }) => key.id)).toEqual(['good', 'good']);
    await budgets.retire(good);
    const { standing } = await reserve(budgets);
    expect(standing).toMatchObject({ opensInMs: undefined, retired: new Set(['bad', 'good']) });
    const corrected = bench.workerOutOfTime([{ ...bad, key: 'another secret' }, good]);
    expect((await reserved(corrected)).key.key).toBe('another secret');
  });

  it('do without a project that is not wanted', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a'), budgetedKey('b')]);
    expect((await reserve(budgets, 1, new Set(['a']))).reservation?.key.id).toBe('b');
    const { reservation, standing } = await reserve(budgets, 1, new Set(['a', 'b']));
    expect([reservation, standing.opensInMs]).toEqual([undefined, 1_000]);
  });

  it('tell how they stand without taking anything', async () => {
    const budgets = bench.workerOutOfTime([budgetedKey('a', { rpm: 1 })]);
    expect((await budgets.look({ model: bench.model, tokens: 1 })).opensInMs).toBe(0);
    expect((await reserve(budgets)).reservation).toBeDefined();
    expect((await budgets.look({ model: bench.model, tokens: 1 })).opensInMs).toBeGreaterThan(0);
  });

  it('lie in one slot of a cluster', () => {
    const { id, project, key } = budgetedKey('a');
    const all = [...budgetKeys('m', 'p'), ...budgetKeys('another', 'q'), retiredKey({ id, project, key })];
    expect(new Set(all.map(slotOf)).size).toBe(1);
    expect(all.join()).not.toContain(key);
  });
});

describe('the budgets of Gemini keys while Redis is away', () => {
  let server: RedisServer;
  let bench: BudgetBench;

  beforeAll(async () => {
    server = await RedisServer.start();
    bench = new BudgetBench(server);
  });
  afterAll(async () => {
    await bench.close();
    await server.stop();
  });

  it('send jobs away without an attempt, and serve again when it is back', async () => {
    const budgets = bench.worker([budgetedKey('a')]);
    await server.down();
    const refusal = budgets.reserve({ model: bench.model, tokens: 1 });
    await expect(refusal).rejects.toMatchObject({ kind: 'rate_limited', code: 'GEMINI_BUDGETS_AWAY' });
    await server.up();
    await eventually('a reservation', async () => {
      const found = await budgets.reserve({ model: bench.model, tokens: 1 }).catch(() => undefined);
      return found?.reservation !== undefined;
    });
  });

  it('lose nothing to a reservation that nobody waited for', async () => {
    const budgets = bench.worker([budgetedKey('b', { rpd: 1 })]);
    await budgets.look({ model: bench.model, tokens: 1 });
    process.kill(server.pid, 'SIGSTOP');
    const refusal = expect(budgets.reserve({ model: bench.model, tokens: 1 })).rejects.toMatchObject({
      code: 'GEMINI_BUDGETS_AWAY',
    });
    await refusal.finally(() => process.kill(server.pid, 'SIGCONT'));
    await eventually('the room is there again', async () => {
      const { opensInMs } = await budgets.look({ model: bench.model, tokens: 1 });
      return opensInMs === 0;
    });
  });
});
