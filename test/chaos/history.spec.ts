import { describe, expect, it } from '@jest/globals';
import type { Death } from './fleet.js';
import { History, outagesMet, recoveryLimitMs } from './history.js';
import type { JournalLine } from './journal.js';

const VISIBILITY_MS = 1_000;

describe('a history', () => {
  const start = (worker: string, at: number, attempt = 1): JournalLine => ({
    ...{ kind: 'start', worker, at, job: 'job', entry: '1-1', attempt },
  });
  const end = (worker: string, at: number, result = 'ok'): JournalLine => ({
    ...{ kind: 'end', worker, at, job: 'job', entry: '1-1', attempt: 1, result },
  });
  const renewed = (worker: string, at: number): JournalLine => ({ kind: 'renewed', worker, at, entries: ['1-1'] });
  const history = (lines: JournalLine[], deaths: Death[] = []): History => new History(lines, deaths, VISIBILITY_MS);

  it('sees two workers at one job while the lease of the first holds', () => {
    const lines = [start('a', 0), start('b', 900), end('a', 1_500), end('b', 1_600)];
    expect(history(lines).overlaps()).toHaveLength(1);
  });

  it('counts a renewal for the lease', () => {
    const lines = [start('a', 0), renewed('a', 900), start('b', 1_800), end('b', 1_900), end('a', 2_000)];
    expect(history(lines).overlaps()).toHaveLength(1);
  });

  it('sees no overlap with a run whose lease was over', () => {
    const lines = [start('a', 0), start('b', 1_100), end('b', 1_200), end('a', 2_000)];
    expect(history(lines).overlaps()).toEqual([]);
  });

  it('sees no overlap with a run whose worker was dead', () => {
    const lines = [start('a', 0), start('b', 500), end('b', 600)];
    expect(history(lines, [{ worker: 'a', killedAt: 398, goneAt: 400 }]).overlaps()).toEqual([]);
  });

  it('tells a job done twice by living workers from one that a death made necessary', () => {
    const lines = [start('a', 0), end('a', 100), start('b', 2_000), end('b', 2_100)];
    expect(history(lines).doubled()).toHaveLength(1);
    const died = history(lines, [{ worker: 'a', killedAt: 101, goneAt: 102 }]);
    expect([died.doubled().length, died.repeated().length]).toEqual([0, 1]);
  });

  it('measures from a kill to the next run', () => {
    const lines = [start('a', 0), start('b', 1_700, 2), end('b', 1_800)];
    const [recovery] = history(lines, [{ worker: 'a', killedAt: 500, goneAt: 510 }]).recoveries();
    expect(recovery).toEqual({ entry: '1-1', killedAt: 500, tookMs: 1_200, lives: 1 });
  });

  it('counts who was killed with the job in hand before its run began', () => {
    const lines = [start('a', 0), start('c', 2_900, 3), end('c', 3_000)];
    const killed = { worker: 'a', killedAt: 500, goneAt: 510 };
    const lives = (deaths: Death[]): number | undefined => history(lines, deaths).recoveries()[0]?.lives;
    expect(lives([killed, { worker: 'b', killedAt: 1_600, goneAt: 1_610 }])).toBe(2);
    expect(lives([killed])).toBe(1);
  });

  it('stops the clock of a recovery while Redis is away', () => {
    const recovery = { entry: '1-1', killedAt: 5_000, tookMs: 4_000, lives: 1 };
    const outage = { from: 6_000, to: 8_000 };
    const longPast = { from: 0, to: 3_000 };
    expect(outagesMet(recovery, VISIBILITY_MS, [longPast, outage])).toEqual([outage]);
    expect(recoveryLimitMs(recovery, VISIBILITY_MS, [longPast, outage])).toBe(3_000 + 2_000 + 500);
    expect(recoveryLimitMs({ ...recovery, lives: 2 }, VISIBILITY_MS, [])).toBe(2 * 3_000);
  });
});
