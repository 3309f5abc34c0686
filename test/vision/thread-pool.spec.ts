import { afterEach, describe, expect, it } from '@jest/globals';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import { eventually } from '../support/eventually.js';
import { asphalt } from './drawn-asphalt.js';

const COUNTING = new URL('./counting.thread.js', import.meta.url);
const never = new AbortController().signal;

/** Which thread answered, and which call of its life it was. */
interface Answer {
  threadId: number;
  calls: number;
}

const pools: ThreadPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function poolOf(most?: number, idleMs?: number) {
  const pool = new ThreadPool(most, idleMs);
  pools.push(pool);
  const call = (behaviour = 'count', signal = never) => pool.call<Answer>(COUNTING, behaviour, { signal });
  return { pool, call };
}

const idsOf = (answers: readonly Answer[]) => new Set(answers.map(({ threadId }) => threadId));

describe('ThreadPool', () => {
  it('answers call after call in one thread', async () => {
    const { pool, call } = poolOf();
    const first = await call();
    expect(await call()).toEqual({ ...first, calls: 2 });
    expect(pool.size).toBe(1);
  });

  it('has as many threads as there are calls at once', async () => {
    const { call } = poolOf();
    const first = idsOf(await Promise.all([call(), call()]));
    expect(first.size).toBe(2);
    expect(idsOf(await Promise.all([call(), call()]))).toEqual(first);
  });

  it('never has more threads than it may: further calls wait', async () => {
    const { pool, call } = poolOf(2);
    const answers = await Promise.all(Array.from({ length: 9 }, () => call()));
    expect(idsOf(answers).size).toBe(2);
    expect(answers.map(({ calls }) => calls).reduce((most, calls) => Math.max(most, calls))).toBeGreaterThan(3);
    expect(pool.size).toBe(2);
  });

  it('does tasks of every kind in the same thread', async () => {
    const { pool, call } = poolOf();
    await call();
    const detector = new ClassicalCrackDetector(pool);
    for (let i = 0; i < 3; i++) await detector.detect(asphalt(128, 96), { signal: never });
    expect((await call()).calls).toBe(2);
    expect(pool.size).toBe(1);
  });

  it('lets a call that is aborted leave the line, and harms no other', async () => {
    const { call } = poolOf(1);
    const [running, waiting] = [new AbortController(), new AbortController()];
    const reason = new Error('enough');
    const [first, second, third] = [call('wait', running.signal), call('count', waiting.signal), call()];
    waiting.abort(reason);
    await expect(second).rejects.toBe(reason);
    running.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect((await third).calls).toBe(1);
  });

  it('keeps a thread whose work has failed', async () => {
    const { call } = poolOf();
    const { threadId } = await call();
    await expect(call('fail')).rejects.toMatchObject({ code: 'NO' });
    expect(await call()).toEqual({ threadId, calls: 3 });
  });

  it('loses one call with a thread that crashes, and goes on with another thread', async () => {
    const { pool, call } = poolOf(2);
    const beside = new AbortController();
    const other = call('wait', beside.signal);
    const { threadId } = await call();
    await expect(call('crash')).rejects.toMatchObject({ kind: 'transient', code: 'VISION_CRASHED' });
    const next = await call();
    expect(next.calls).toBe(1);
    expect(next.threadId).not.toBe(threadId);
    expect(pool.size).toBe(2);
    beside.abort(new Error('done'));
    await expect(other).rejects.toThrow('done');
  });

  it('ends a thread whose call was aborted', async () => {
    const { pool, call } = poolOf();
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = call('wait', controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(pool.size).toBe(0);
    expect((await call()).calls).toBe(1);
  });

  it('ends a thread that nobody called for a while', async () => {
    const { pool, call } = poolOf(undefined, 1);
    await call();
    expect(await eventually('no thread', () => pool.size === 0)).toBe(true);
  });

  it('says so when there is no such task, and keeps the thread', async () => {
    const { pool, call } = poolOf();
    const missing = pool.call(new URL('./missing.thread.js', import.meta.url), 0, { signal: never });
    await expect(missing).rejects.toThrow('missing.thread');
    expect((await call()).calls).toBe(1);
    expect(pool.size).toBe(1);
  });
});
