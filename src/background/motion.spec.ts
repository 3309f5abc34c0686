import { describe, expect, it } from '@jest/globals';
import { blocksOf, gateOf } from './motion.js';

const WIDTH = 64;
const HEIGHT = 48;

/** Deterministic camera noise of +-1. */
const still = (seed: number) =>
  Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => 100 + ((i * 7 + seed * 13) % 3) - 1);

function withSquare(x: number): Uint8Array {
  const frame = still(x);
  for (let v = 16; v < 32; v++) frame.fill(200, v * WIDTH + x, v * WIDTH + x + 16);
  return frame;
}

describe('gateOf', () => {
  it('sees no motion in camera noise', () => {
    const { closed } = gateOf(still(1), still(2), WIDTH, HEIGHT);
    expect(closed.data.every((cell) => cell === 0)).toBe(true);
  });

  it('sees the edges of a moving square and closes its plain inside', () => {
    const { moved, closed } = gateOf(withSquare(20), withSquare(23), WIDTH, HEIGHT);
    const at = 5 * closed.width + 7;
    expect([moved.data[at], closed.data[at]]).toEqual([0, 1]);
    expect(closed.data[0]).toBe(0);
  });
});

describe('blocksOf', () => {
  it('cuts small pictures finer and counts the blocks at the edge', () => {
    expect(blocksOf(320, 182)).toEqual({ size: 4, columns: 80, rows: 46 });
    expect(blocksOf(1280, 724)).toEqual({ size: 8, columns: 160, rows: 91 });
  });
});
