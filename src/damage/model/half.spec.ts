import { describe, expect, it } from '@jest/globals';
import { fromHalf, toHalf } from './half.js';

describe('half-precision floats', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3b33, 0.89990234375],
    [0x7bff, 65_504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])('%i is %p, both ways', (bits, number) => {
    expect(fromHalf(Uint16Array.of(bits))[0]).toBe(number);
    expect(toHalf(Float32Array.of(number))[0]).toBe(bits);
  });

  it('come back as they were, every one that is a number', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
    const numbers = all.filter((bits) => !Number.isNaN(fromHalf(Uint16Array.of(bits))[0]));
    expect(toHalf(fromHalf(numbers))).toEqual(numbers);
  });

  it('are the nearest ones, and the even one in the middle between two', () => {
    const between = [1 + 1 / 2048, 1 + 3 / 2048, 1.0006, 2047.9, 65_519, 65_520, 2 ** -25, 3 * 2 ** -25];
    const nearest = [0x3c00, 0x3c02, 0x3c01, 0x6800, 0x7bff, 0x7c00, 0x0000, 0x0002];
    expect([...toHalf(Float32Array.from(between))]).toEqual(nearest);
  });
});
