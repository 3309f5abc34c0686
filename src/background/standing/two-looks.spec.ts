import { describe, expect, it } from '@jest/globals';
import type { BlockLook } from './block-looks.js';
import { otherLookOf } from './two-looks.js';

/** One pair of frames a letter; each letter is a look of its own, `.` moved. */
function looksOf(history: string): Map<string, BlockLook> {
  const looks = new Map<string, BlockLook>();
  for (const [pair, letter] of [...history].entries()) {
    if (letter === '.') continue;
    const grey = 20 * (letter.charCodeAt(0) - 96);
    const look = looks.get(letter) ?? { quarters: [grey, grey, grey, grey], pairs: [] };
    look.pairs.push(pair);
    looks.set(letter, look);
  }
  return looks;
}

/** The letter of the other look when the picture shows `s`. */
function other(history: string): string | undefined {
  const looks = looksOf(history);
  const found = otherLookOf([...looks.values()], looks.get('s')!);
  return [...looks].find(([, look]) => look === found)?.[0];
}

describe('otherLookOf', () => {
  it.each([
    ['before', 'rrr.sssssss'],
    ['after', 'sssssss..rr'],
    ['before and after', 'rr.ssssss.rr'],
    ['before, with a stray one that passed in front', 'rrrrrrrrrrssssssssrssssssssss'],
  ])('is what was seen %s: %s', (_when, history) => {
    expect(other(history)).toBe('r');
  });

  it.each([
    ['took turns with it', 'rsrsrrssrs'],
    ['came and went while it stayed', 'sssrrrssss'],
    ['was there for one pair only', 'rsssssssss'],
  ])('is none that %s: %s', (_what, history) => {
    expect(other(history)).toBeUndefined();
  });

  it('is the one that was seen longest', () => {
    expect(other('rrr.sssss.qq')).toBe('r');
  });

  it('is none that hardly differs', () => {
    const shown = { quarters: [90, 90, 90, 90], pairs: [3, 4, 5] };
    expect(otherLookOf([shown, { quarters: [100, 92, 90, 90], pairs: [0, 1, 2] }], shown)).toBeUndefined();
  });
});
