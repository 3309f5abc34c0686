import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from './virtual-clock.js';

describe('the virtual clock', () => {
  it('wakes those whose time has come, and nobody else', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const woken: string[] = [];
    const first = clock.sleep(45, signal).then(() => woken.push('first'));
    clock.now = 10;
    void clock.sleep(45, signal).then(() => woken.push('second'));
    expect(clock.nextWake).toBe(45);
    clock.now = 45;
    expect(clock.wakeDue()).toBe(1);
    await first;
    expect(woken).toEqual(['first']);
    expect(clock.nextWake).toBe(55);
  });

  it('forgets who is told to stop', async () => {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const asleep = clock.sleep(45, stop.signal);
    stop.abort(new Error('stopping'));
    await expect(asleep).rejects.toThrow('stopping');
    expect(clock.nextWake).toBe(Infinity);
    clock.now = 100;
    expect(clock.wakeDue()).toBe(0);
  });
});
