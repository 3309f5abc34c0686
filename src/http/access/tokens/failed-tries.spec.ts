import { beforeEach, describe, expect, it } from '@jest/globals';
import { FailedTries, MOST_CLIENTS, MOST_TRIES } from './failed-tries.js';
import { tokenDigest } from './tokens-file.js';

const [right, wrong] = [tokenDigest('right'), tokenDigest('wrong')];

describe('wrong tokens', () => {
  let now: number;
  let tries: FailedTries;
  beforeEach(() => {
    now = 1_000;
    tries = new FailedTries(() => now);
  });

  const tryOften = (address: string, times = MOST_TRIES): void => {
    for (let i = 0; i < times; i += 1) tries.noteWrong(address);
  };

  it('make a client wait for the rest of a minute, whatever it brings', () => {
    tryOften('192.0.2.1', MOST_TRIES - 1);
    expect(tries.waitOf('192.0.2.1', right)).toBe(0);
    now += 20_000;
    tryOften('192.0.2.1', 1);
    expect(tries.waitOf('192.0.2.1', right)).toBe(40_000);
    now += 40_000;
    expect(tries.waitOf('192.0.2.1', right)).toBe(0);
    expect(tries.noteWrong('192.0.2.1')).toBe(1);
  });

  it('keep out nobody of the same address who brought a right one before', () => {
    tries.noteRight('192.0.2.1', right);
    tryOften('192.0.2.1');
    expect(tries.waitOf('192.0.2.1', right)).toBe(0);
    expect(tries.waitOf('192.0.2.1', wrong)).toBe(60_000);
    expect(tries.waitOf('192.0.2.2', wrong)).toBe(0);
  });

  it('count for all addresses that a client of IPv6 has, and for an address in both spellings', () => {
    tryOften('2001:db8:1:2::1');
    expect(tries.waitOf('2001:db8:1:2:ffff::9', right)).toBeGreaterThan(0);
    expect(tries.waitOf('2001:db8:1:3::1', right)).toBe(0);
    tryOften('::ffff:192.0.2.7');
    expect(tries.waitOf('192.0.2.7', right)).toBeGreaterThan(0);
  });

  it('of any number of clients take a bounded room', () => {
    for (let i = 0; i < MOST_CLIENTS * 2; i += 1) {
      const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
      tries.noteWrong(address);
      tries.noteRight(address, right);
    }
    expect(tries.size).toBe(MOST_CLIENTS * 2);
  });
});
