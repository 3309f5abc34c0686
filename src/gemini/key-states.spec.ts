import { describe, expect, it } from '@jest/globals';
import type { BudgetStanding } from './budget/budgets.js';
import { KeyStates } from './key-states.js';

const KEYS = [
  { id: 'a', project: 'p' },
  { id: 'b', project: 'p' },
  { id: 'c', project: 'q' },
];

function standing(
  opensInMs: number | undefined,
  parked: [string, number][] = [],
  retired: string[] = [],
): BudgetStanding {
  return { opensInMs, parked: new Map(parked), retired: new Set(retired) };
}

describe('what a worker knows of its keys', () => {
  it('is that all are well before anything was heard', () => {
    const states = new KeyStates(KEYS, ['image', 'video']);
    expect(states.list.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
    expect([states.shutUntil, states.isShort, states.allRetired]).toEqual([undefined, false, false]);
  });

  it('is shut when no model has budget, until the first has', () => {
    const states = new KeyStates(KEYS, ['image', 'video']);
    states.see('video', 10, standing(60_000));
    expect(states.shutUntil).toBeUndefined();
    expect(states.isShort).toBe(true);
    states.see('image', 10, standing(30_000));
    const inMs = (states.shutUntil as number) - Date.now();
    expect(inMs).toBeGreaterThan(25_000);
    expect(inMs).toBeLessThanOrEqual(30_000);
    expect(states.isSpent).toBe(true);
    states.see('image', 10, standing(0));
    expect([states.shutUntil, states.isSpent]).toEqual([undefined, false]);
  });

  it('names keys that are parked with their project, and those that were refused', () => {
    const states = new KeyStates(KEYS, ['image', 'video']);
    states.see('image', 10, standing(0, [['p', 5_000]], ['b']));
    expect(states.list.map(({ state }) => state)).toEqual(['parked', 'retired', 'ok']);
    // Another model's budget is another one; the keys are the same.
    states.see('video', 10, standing(0, [], ['b']));
    expect(states.list.map(({ state }) => state)).toEqual(['parked', 'retired', 'ok']);
  });

  it('is shut for a while when every key was refused', () => {
    const states = new KeyStates(KEYS, ['image']);
    states.see('image', 10, standing(undefined, [], ['a', 'b', 'c']));
    expect([states.allRetired, states.isSpent]).toEqual([true, false]);
    expect(states.shutUntil).toBeGreaterThan(Date.now());
  });
});
