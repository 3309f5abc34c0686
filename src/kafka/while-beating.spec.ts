import { describe, expect, it } from '@jest/globals';
import { setTimeout as after } from 'node:timers/promises';
import { whileBeating } from './while-beating.js';

const NEVER = new AbortController().signal;

describe('work with a sign of life', () => {
  it('gives signs for as long as it takes', async () => {
    let beats = 0;
    let enough = (): void => undefined;
    const five = new Promise<void>((resolve) => (enough = resolve));
    const beat = async (): Promise<void> => {
      if (++beats === 5) enough();
    };
    expect(await whileBeating(beat, NEVER, () => five.then(() => 'done'), 1)).toBe('done');
    const then = beats;
    await after(20);
    expect(beats).toBe(then);
  });

  it('ends, and fails as the sign did, when a sign fails', async () => {
    const beat = () => Promise.reject(new Error('not a member any more'));
    const work = (signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await expect(whileBeating(beat, NEVER, work, 1)).rejects.toThrow('not a member any more');
  });

  it('fails as the work does', async () => {
    await expect(
      whileBeating(
        async () => {},
        NEVER,
        () => Promise.reject(new Error('work')),
        1,
      ),
    ).rejects.toThrow('work');
  });

  it('hears of a stop', async () => {
    const stop = new AbortController();
    const work = whileBeating(
      async () => {},
      stop.signal,
      (signal) => new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped'))),
      1,
    );
    stop.abort();
    expect(await work).toBe('stopped');
  });
});
