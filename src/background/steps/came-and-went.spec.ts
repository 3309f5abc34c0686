import { describe, expect, it } from '@jest/globals';
import { cameAndWentOnce } from './came-and-went.js';

const SIZE = 20;
const REGION = Array.from({ length: SIZE }, (_, i) => i);
const plain = (value: number) => new Uint8Array(SIZE).fill(value);

/** One frame a letter: `r` shows the road, `v` a vehicle, `.` something else. */
const framesOf = (history: string) => Array.from(history, (letter) => plain({ r: 100, v: 30 }[letter] ?? 200));

const stayed = (history: string) => cameAndWentOnce(REGION, framesOf(history), plain(30), plain(100));

describe('isOneStay', () => {
  it.each(['rrvvvvvvrr', 'rr..vv.vvv..rr', 'rrrrrrvvvvvv', 'vvvvvvrr'])(
    'is so when one vehicle came and went: %s',
    (h) => {
      expect(stayed(h)).toBe(true);
    },
  );

  it.each(['rrvvvrrvvvrr', 'rrvvrrvvvvvv', 'rvvvrrvvvr'])('is not so when the other value came in between: %s', (h) => {
    expect(stayed(h)).toBe(false);
  });

  it('forgives a frame in which something like the road passed in front', () => {
    expect(stayed('rrrrrrvvvvrvvvvrrrrrr')).toBe(true);
  });

  it('asks for agreement on most of the region only', () => {
    const frames = framesOf('rrvvvvrr');
    frames[3]!.fill(250, 0, 7);
    expect(cameAndWentOnce(REGION, frames, plain(30), plain(100))).toBe(true);
  });
});
