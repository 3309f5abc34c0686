import { describe, expect, it } from '@jest/globals';
import { busySlots, memoryToBuy, recoverySeconds, slotsToBuy } from './arithmetic.js';
import { planOf } from './plan.js';

const CITY = planOf({});

describe('the arithmetic of a city', () => {
  it('takes as many slots as jobs per second last seconds', () => {
    expect(busySlots(CITY)).toBeCloseTo(125);
    expect(busySlots({ ...CITY, everySeconds: 600 })).toBeCloseTo(750);
  });

  it('catches up with the slots that are to spare, and never without', () => {
    // An hour's work of 125 slots by the 35 of 160 that are free.
    expect(recoverySeconds(CITY, 160)).toBeCloseTo((125 * 3_600) / 35);
    expect(recoverySeconds(CITY, 250)).toBeCloseTo(3_600);
    expect(recoverySeconds(CITY, 125)).toBeNull();
    expect(recoverySeconds(CITY, 80)).toBeNull();
  });

  it('buys the fewest slots that catch up in time, and one to spare where there is nothing to catch up with', () => {
    const slots = slotsToBuy(CITY);
    expect(slots).toBe(188);
    expect(recoverySeconds(CITY, slots)).toBeLessThanOrEqual(CITY.recoverSeconds);
    expect(recoverySeconds(CITY, slots - 1)).toBeGreaterThan(CITY.recoverSeconds);
    expect(slotsToBuy({ ...CITY, outageSeconds: 0 })).toBe(126);
  });

  it('gives Redis room for a day of entries and three of results, and half as much again', () => {
    const held = { perEntry: 100, perResult: 200, rest: 1_000_000 };
    expect(memoryToBuy(CITY, held)).toBeCloseTo((1_000_000 + 10_000 * (24 * 100 + 72 * 200)) * 1.5);
  });
});

describe('the options', () => {
  it('are those of a city of ten thousand cameras unless said', () => {
    expect(CITY).toMatchObject({ cameras: 10_000, workers: 40, slotsPerWorker: 4, outageAt: 8 * 3_600 });
    expect(planOf({ hours: '6', 'every-minutes': '10' })).toMatchObject({ hours: 6, everySeconds: 600 });
  });

  it.each([
    [{ cameras: 'many' }, '--cameras must be a whole number from 1 to 100000, not "many".'],
    [{ workers: '0' }, '--workers must be'],
    [{ 'outage-minutes': '1.5' }, '--outage-minutes must be'],
    [{ hours: '1', 'outage-minutes': '90' }, '--outage-minutes must end within the day'],
  ])('name the one that is wrong: %j', (given, sentence) => {
    expect(() => planOf(given)).toThrow(sentence);
  });
});
