import { describe, expect, it } from '@jest/globals';
import { ThreadPool } from '../../src/background/thread-pool.js';
import { eventually } from '../support/eventually.js';

const THREAD = new URL('./counting.thread.js', import.meta.url);
const never = new AbortController().signal;

/** Which thread answered, and which call of its life it was. */
interface Answer {
  threadId: number;
  calls: number;
}

function poolOf(idleMs?: number) {
  const pool = new ThreadPool(THREAD, idleMs);
  return (behaviour = 'count', signal = never) => pool.call<Answer>(behaviour, { signal });
}

describe('ThreadPool', () => {
  it('answers call after call in one thread', async () => {
    const call = poolOf();
    const first = await call();
    expect(await call()).toEqual({ ...first, calls: 2 });
  });

  it('has as many threads as there are calls at once', async () => {
    const call = poolOf();
    const ids = (answers: Answer[]) => new Set(answers.map(({ threadId }) => threadId));
    const first = ids(await Promise.all([call(), call()]));
    expect(first.size).toBe(2);
    expect(ids(await Promise.all([call(), call()]))).toEqual(first);
  });

  it('keeps a thread whose work has failed', async () => {
    const call = poolOf();
    const { threadId } = await call();
    await expect(call('fail')).rejects.toMatchObject({ code: 'NO' });
    expect(await call()).toEqual({ threadId, calls: 3 });
  });

  it('loses one call with a thread that crashes, and goes on with another thread', async () => {
    const call = poolOf();
    const { threadId } = await call();
    await expect(call('crash')).rejects.toMatchObject({ code: 'VISION_CRASHED' });
    const next = await call();
    expect(next.calls).toBe(1);
    expect(next.threadId).not.toBe(threadId);
  });

  it('ends a thread whose call was aborted', async () => {
    const call = poolOf();
    const controller = new AbortController();
    const reason = new Error('enough');
    const waiting = call('wait', controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect((await call()).calls).toBe(1);
  });

  it('ends a thread that nobody called for a while', async () => {
    const call = poolOf(1);
    await call();
    expect(await eventually('another thread', async () => (await call()).calls === 1)).toBe(true);
  });
});
