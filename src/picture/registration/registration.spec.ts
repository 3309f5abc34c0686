import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detailOf, type Detail } from './detail.js';
import { offsetBetween } from './registration.js';

const WIDTH = 240;
const HEIGHT = 136;

const seed = fc.integer({ min: 1, max: 1000 });
const some = fc.double({ min: -15, max: 15, noNaN: true });

/** Drawn blocks: aperiodic, so that one shift only is right. */
function town(which: number, left: number, top: number, gain = 1): Detail {
  const data = new Uint8Array(WIDTH * HEIGHT).fill(90 * gain);
  for (let i = 0; i < 90; i++) {
    const at = (k: number) => Math.abs(Math.sin(which * 12.9898 + i * 78.233 + k * 37.719) * 43758.5453) % 1;
    const [x, y, w, h] = [320 * at(0) - 40 - left, 216 * at(1) - 40 - top, 5 + 25 * at(2), 4 + 18 * at(3)];
    for (let v = Math.max(0, Math.round(y)); v < Math.min(HEIGHT, y + h); v++) {
      data.fill(
        gain * (50 + 130 * at(4)),
        v * WIDTH + Math.max(0, Math.round(x)),
        v * WIDTH + Math.max(0, Math.min(WIDTH, Math.round(x + w))),
      );
    }
  }
  return detailOf({ width: WIDTH, height: HEIGHT, data });
}

describe('offsetBetween', () => {
  it('finds how far the camera turned, in other brightness too', () => {
    fc.assert(
      fc.property(seed, some, some, (which, x, y) => {
        const [dx, dy] = [Math.round(x), Math.round(y)];
        const offset = offsetBetween(town(which, dx, dy), town(which, 0, 0, 0.7));
        expect(offset).toBeDefined();
        expect(Math.abs(offset!.x * WIDTH - dx)).toBeLessThan(0.6);
        expect(Math.abs(offset!.y * HEIGHT - dy)).toBeLessThan(0.6);
      }),
      { numRuns: 8 },
    );
  });

  it('knows another place when it sees one', () => {
    fc.assert(
      fc.property(seed, seed, (one, other) => {
        fc.pre(one !== other);
        expect(offsetBetween(town(one, 0, 0), town(other, 0, 0))).toBeUndefined();
      }),
      { numRuns: 8 },
    );
  });

  it('does not follow a camera that turned far, nor one that sees nothing', () => {
    expect(offsetBetween(town(7, 70, 0), town(7, 0, 0))).toBeUndefined();
    const fog = detailOf({ width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT).fill(140) });
    expect(offsetBetween(fog, town(7, 0, 0))).toBeUndefined();
  });
});
