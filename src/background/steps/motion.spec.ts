import { describe, expect, it } from '@jest/globals';
import { clipOf } from '../../../test/vision/clip-of.js';
import { quietBlocksOf } from './motion.js';

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

/** Without colour, which motion does not look at. */
async function gateOf(before: Uint8Array, after: Uint8Array) {
  const frames = [before, after].map((luma) => Uint8Array.of(...luma, ...new Uint8Array(luma.length / 2)));
  const { pairs } = await quietBlocksOf(clipOf(frames, WIDTH, HEIGHT), new AbortController().signal);
  return pairs[0]!;
}

describe('gatesOf', () => {
  it('sees no motion in camera noise', async () => {
    const { closed } = await gateOf(still(1), still(2));
    expect(closed.data.every((cell) => cell === 0)).toBe(true);
  });

  it('sees the edges of a moving square and closes its plain inside', async () => {
    const { moved, closed } = await gateOf(withSquare(20), withSquare(23));
    const at = 5 * closed.width + 7;
    expect([moved.data[at], closed.data[at]]).toEqual([0, 1]);
    expect(closed.data[0]).toBe(0);
  });
});
