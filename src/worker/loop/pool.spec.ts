import { describe, expect, it } from '@jest/globals';
import { RateLimitedError } from '../../job/errors.js';
import { MOST_WAITING, Pool } from './pool.js';

/** A borrower who holds its slot until told to end. */
function borrower(pool: Pool, signal = new AbortController().signal) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const state = { working: false };
  const done = pool.borrow(() => {
    state.working = true;
    return ended;
  }, signal);
  // Who is refused or gone is looked at later.
  done.catch(() => undefined);
  return { state, end, done };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function comeMany(pool: Pool, count: number) {
  return Array.from({ length: count }, () => borrower(pool));
}

describe('the slots of a worker', () => {
  it('keeps one slot for jobs however many borrow, when there are two or more', async () => {
    const pool = new Pool(3);
    const many = comeMany(pool, 6);
    await settled();
    expect(many.filter(({ state }) => state.working)).toHaveLength(2);
    expect(pool.free).toBe(1);
  });

  it('lends its only slot', async () => {
    const pool = new Pool(1);
    const first = borrower(pool);
    await settled();
    expect([first.state.working, pool.free]).toEqual([true, 0]);
    first.end();
    await first.done;
    expect(pool.free).toBe(1);
  });

  it('keeps no slot from jobs for borrowers who may not have it', async () => {
    const pool = new Pool(2);
    pool.take();
    pool.take();
    comeMany(pool, 4);
    pool.give();
    await settled();
    expect([pool.inUse, pool.free]).toEqual([2, 0]);
    pool.give();
    await settled();
    expect([pool.inUse, pool.free]).toEqual([1, 1]);
  });

  it('refuses who comes when the line is full, and says when to ask again', async () => {
    const pool = new Pool(1);
    const [first] = comeMany(pool, 1 + MOST_WAITING);
    expect(pool.hasRoomBeside(0)).toBe(false);
    const refused = pool.borrow(() => Promise.resolve(), new AbortController().signal);
    await expect(refused).rejects.toBeInstanceOf(RateLimitedError);
    await expect(refused).rejects.toMatchObject({ code: 'BUSY', retryAfterMs: 10_000 });
    first?.end();
    await first?.done;
    expect(pool.hasRoomBeside(0)).toBe(true);
  });

  it('has no room for more than can work and wait, wherever they are on their way', () => {
    const pool = new Pool(3);
    expect(pool.hasRoomBeside(2 + MOST_WAITING - 1)).toBe(true);
    expect(pool.hasRoomBeside(2 + MOST_WAITING)).toBe(false);
  });

  it('lets who waits leave, and wakes who could claim instead', async () => {
    const pool = new Pool(1);
    pool.take();
    const left = new AbortController();
    const waiting = borrower(pool, left.signal);
    const change = pool.change(60_000);
    left.abort(new Error('gone'));
    await expect(waiting.done).rejects.toThrow('gone');
    await change;
    pool.give();
    expect(pool.free).toBe(1);
  });
});
