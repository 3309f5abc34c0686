import { describe, expect, it } from '@jest/globals';
import type { Grey } from './grey.js';
import { errorShareWithin, scoreOf } from './sbmnet.js';

const SIDE = 200;

/** A picture with structure at every scale. */
function waves(change: (value: number, x: number, y: number) => number = (value) => value): Grey {
  const data = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return change(Math.round(120 + 40 * Math.sin(x / 3) + 40 * Math.cos(y / 17)), x, y);
  });
  return { width: SIDE, height: SIDE, data };
}

describe('scoreOf', () => {
  it('finds nothing wrong with the truth itself', () => {
    expect(scoreOf(waves(), waves())).toEqual({ age: 0, pEPs: 0, pCEPs: 0, msSsim: expect.closeTo(1), psnr: Infinity });
  });

  it('counts an error of 20 grey values in the mean only', () => {
    const { age, pEPs, psnr } = scoreOf(
      waves((value) => value + 20),
      waves(),
    );
    expect(age).toBeCloseTo(20);
    expect(pEPs).toBe(0);
    expect(psnr).toBeCloseTo(20 * Math.log10(255 / 20));
  });

  it('counts as clustered what is wrong on all four sides too', () => {
    const inSquare = (x: number, y: number) => x >= 50 && x < 60 && y >= 50 && y < 60;
    const score = scoreOf(
      waves((value, x, y) => value + (inSquare(x, y) ? 30 : 0)),
      waves(),
    );
    expect(score.pEPs).toBeCloseTo(100 / SIDE ** 2);
    expect(score.pCEPs).toBeCloseTo(64 / SIDE ** 2);
  });

  it('sees lost structure that the mean error hardly shows', () => {
    const blurred = scoreOf(
      waves((value, x) => value - 40 * Math.sin(x / 3)),
      waves(),
    );
    const shifted = scoreOf(
      waves((value) => value + 25),
      waves(),
    );
    expect(blurred.msSsim).toBeLessThan(0.6);
    expect(shifted.msSsim).toBeGreaterThan(0.97);
  });

  it('refuses pictures of different sizes', () => {
    expect(() => scoreOf({ width: 1, height: 1, data: new Float64Array(1) }, waves())).toThrow('200 x 200');
  });
});

describe('errorShareWithin', () => {
  it('looks at the masked part only', () => {
    const mask = new Uint8Array(SIDE * SIDE).fill(1, 0, SIDE * 10);
    const wrong = waves((value, _, y) => value + (y < 5 ? 30 : y > 20 ? 99 : 0));
    expect(errorShareWithin(mask, wrong, waves())).toBeCloseTo(0.5);
  });
});
