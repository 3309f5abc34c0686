import { describe, expect, it } from '@jest/globals';
import { orLate, within } from './deadline.js';

const never = new Promise<number>(() => undefined);

describe('a deadline', () => {
  it('gives the answer, and its failure', async () => {
    expect(await orLate(60_000, Promise.resolve(1), () => 2)).toBe(1);
    await expect(orLate(60_000, Promise.reject(new Error('no')), () => 2)).rejects.toThrow('no');
    expect(await within(60_000, Promise.resolve(1))).toBe(1);
    expect(await within(60_000, Promise.reject(new Error('no')))).toBeUndefined();
  });

  it('does not wait for longer', async () => {
    const keeper = setTimeout(() => undefined, 10_000);
    expect(await orLate(1, never, () => 2)).toBe(2);
    const late = (): never => {
      throw new Error('late');
    };
    await expect(orLate(1, never, late)).rejects.toThrow('late');
    expect(await within(1, never)).toBeUndefined();
    clearTimeout(keeper);
  });
});
