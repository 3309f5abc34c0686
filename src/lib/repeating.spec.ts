import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Repeating, UNTOLD } from './repeating.js';

describe('a repeated round', () => {
  it('is never under way twice, and ends before a stop does', async () => {
    let [under, most, rounds] = [0, 0, 0];
    const repeating = new Repeating(
      async () => {
        under += 1;
        most = Math.max(most, under);
        await after(5);
        under -= 1;
        rounds += 1;
      },
      { everyMs: 0, events: UNTOLD },
    );
    repeating.start();
    repeating.start();
    while (rounds < 3) await after(1);
    await repeating.stop();
    expect([under, most, repeating.isOn]).toEqual([0, 1, false]);
    const before = rounds;
    await after(20);
    expect(rounds).toBe(before);
  });

  it('tells once that it fails and once that it works again', async () => {
    const told: string[] = [];
    const results = [new Error('a'), new Error('b'), undefined, undefined];
    const events = { failed: (error: unknown) => told.push(String(error)), recovered: () => told.push('recovered') };
    const done = new Promise<void>((resolve) => {
      const repeating = new Repeating(
        async () => {
          if (results.length === 0) return void repeating.stop().then(resolve);
          const result = results.shift();
          if (result !== undefined) throw result;
        },
        { everyMs: 0, events },
      );
      repeating.start();
    });
    await done;
    expect(told).toEqual(['Error: a', 'recovered']);
  });

  it('goes on at once while there is more', async () => {
    const rounds: number[] = [];
    const repeating = new Repeating(
      async () => {
        rounds.push(performance.now());
        return rounds.length < 3;
      },
      { everyMs: 60_000, events: UNTOLD },
    );
    repeating.start();
    while (rounds.length < 3) await after(1);
    await repeating.stop();
    expect(rounds).toHaveLength(3);
  });
});
