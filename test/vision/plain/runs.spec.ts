import { describe, expect, it } from '@jest/globals';
import { Runs } from './runs.js';

/** Reads the samples; those in brackets are moving. */
function read(text: string): Runs {
  const words = text.split(' ');
  const runs = new Runs(words.length);
  runs.read(
    Uint8Array.from(words, (word) => Number(word.replace(/[()]/g, ''))),
    Uint8Array.from(words, (word) => (word.startsWith('(') ? 1 : 0)),
  );
  return runs;
}

describe('Runs', () => {
  it('believe what comes again and again rather than what stays long', () => {
    const runs = read('90 91 (40) 90 90 (70) 92 60 60 60 60 60 60 60 60 60 60 60');
    expect(runs.densest()).toBe(91);
  });

  it('believe the road rather than what only passed at the start', () => {
    expect(read('200 200 200 200 90 90 90 90 90 90 90 90').densest()).toBe(90);
  });

  it('know a value that rests on one long stay', () => {
    const runs = read('90 90 (40) 90 90 60 60 60 60 60 60 60');
    expect([runs.restOnOne(60), runs.restOnOne(90)]).toEqual([true, false]);
  });

  it('find the value before and after a long stay, through what passed in between', () => {
    expect(read('90 90 90 60 60 60 60 40 60 60 60 60 91 91').around(60)).toBe(91);
  });

  it('find nothing around a stay that did not end', () => {
    expect(read('90 90 90 60 60 60 60 60 60 60').around(60)).toBeNull();
  });

  it('find nothing around a value that comes and goes', () => {
    expect(read('90 90 60 60 90 90 60 60 90 90 60 60 90 90').around(60)).toBeNull();
  });

  it('do not end because a neighbour moves', () => {
    expect(read('60 60 60 (60) (60) 60 60 60 90 (30) 90 90').restOnOne(60)).toBe(true);
  });

  it('do not count what moves', () => {
    expect(read('(60) (60) (60) (60) 90 (60)').densest()).toBe(90);
  });
});
