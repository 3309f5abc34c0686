import { describe, expect, it } from '@jest/globals';
import { clipOf } from '../../../test/vision/clip-of.js';
import { shiftsOf } from './camera-shift.js';
import { moveBack, swayOf } from './camera-sway.js';

const WIDTH = 320;
const HEIGHT = 240;

/** A view with structure in all directions, as a camera sees it that has swayed by (dx, dy); U and V are flat. */
function view(dx: number, dy: number, vehicleAt?: number): Uint8Array {
  const frame = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [u, v] = [x - dx, y - dy];
      frame[y * WIDTH + x] = 120 + 40 * Math.sin(u / 5 + v / 11) + 40 * Math.cos(v / 6 - u / 13) + 0.5;
      const isVehicle = vehicleAt !== undefined && x >= vehicleAt && x < vehicleAt + 90 && y > 60 && y < 180;
      if (isVehicle) frame[y * WIDTH + x] = 220 - (x % 7);
    }
  }
  return frame;
}

/** Numbers from 0 up to 1, the same for the same seed. */
function xorshift(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A view that is full of vehicles from a row on: other ones, elsewhere, in each frame. */
function denseTraffic(time: number, from = 0, dx = 0): Uint8Array {
  const random = xorshift(time);
  const frame = view(dx, 0);
  for (let vehicle = 0; vehicle < 200; vehicle++) {
    const [left, top] = [Math.floor(284 * random()), from + Math.floor((210 - from) * random())];
    const paint = 20 + Math.floor(200 * random());
    for (let y = top; y < top + 30; y++) frame.fill(y % 9 < 3 ? 20 : paint, y * WIDTH + left, y * WIDTH + left + 36);
  }
  return frame;
}

const clip = (...frames: Uint8Array[]) => clipOf(frames, WIDTH, HEIGHT);

describe('shiftsOf', () => {
  it('follows a camera to a fraction of a pixel', () => {
    const places = [
      [0, 0],
      [1.3, -0.6],
      [-4.5, 3.2],
      [0.25, 7.75],
    ] as const;
    const shifts = shiftsOf(clip(...places.map(([dx, dy]) => view(dx, dy))));
    shifts.forEach((shift, i) => {
      const { dx, dy } = shift!;
      expect(Math.abs(dx - places[i]![0])).toBeLessThan(0.1);
      expect(Math.abs(dy - places[i]![1])).toBeLessThan(0.1);
    });
  });

  it('is not led astray by traffic', () => {
    const [, { dx, dy }] = shiftsOf(clip(view(0, 0, 20), view(1, 0, 60))) as [object, { dx: number; dy: number }];
    expect(Math.abs(dx - 1)).toBeLessThan(0.1);
    expect(Math.abs(dy)).toBeLessThan(0.1);
  });

  it('follows the scene behind traffic that fills most of the picture, near the camera', () => {
    const places = [0, 1.5, -2, 1, -1.2, 2.5];
    const shifts = shiftsOf(clip(...places.map((dx, i) => denseTraffic(i + 1, 105, dx))));
    const followed = shifts.filter((shift, i) => shift !== null && Math.abs(shift.dx - places[i]!) < 0.15);
    expect(followed.length).toBeGreaterThanOrEqual(5);
    expect(shifts.filter((shift) => shift !== null).length).toBe(followed.length);
  });

  it('takes noise in the dark for no shift', () => {
    const dark = (seed: number) => {
      const random = xorshift(seed);
      return new Uint8Array((WIDTH * HEIGHT * 3) / 2).map(() => 30 + Math.round(24 * random()));
    };
    for (const shift of shiftsOf(clip(dark(1), dark(2), dark(3))))
      expect(shift ?? { dx: 0, dy: 0 }).toEqual({ dx: 0, dy: 0 });
  });

  it('takes vehicles that are elsewhere in each frame for no shift', () => {
    for (const shift of shiftsOf(clip(...[1, 2, 3, 4, 5].map((time) => denseTraffic(time))))) {
      if (shift !== null) expect(Math.hypot(shift.dx, shift.dy)).toBeLessThan(0.5);
    }
  });

  it('sees no shift where there is nothing to see', () => {
    const blank = () => new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(90);
    expect(shiftsOf(clip(blank(), blank()))[1]).toBeNull();
  });
});

describe('swayOf', () => {
  it('leaves a camera alone that hardly moves', () => {
    const { sway } = swayOf(clip(view(0, 0), view(0.3, 0), view(0, 0.3)));
    expect(sway.aligned).toBe(false);
    expect(sway.deviationPx).toBeLessThan(0.5);
  });

  it('concludes nothing from what moved in one frame of a pair only: that was traffic', () => {
    const { sway, offsets } = swayOf(clip(view(0, 0), view(0, 0), view(9, 4), view(0, 0), view(0, 0), view(0, 0)));
    expect(sway.aligned).toBe(false);
    expect(offsets[2]).toBeNull();
    expect(sway.unfollowedShare).toBeCloseTo(1 / 6);
  });

  it('moves frames back to where the camera usually is', () => {
    const pair = (dx: number, dy: number) => [view(dx, dy), view(dx, dy)];
    const swaying = clip(...pair(2.4, -1.7), ...pair(0, 0), ...pair(0, 0), ...pair(0, 0), ...pair(-2.2, 1.1));
    const { sway, offsets } = swayOf(swaying);
    expect(sway.aligned).toBe(true);
    expect(sway.largestPx).toBeCloseTo(Math.hypot(2.4, 1.7), 0);
    offsets.forEach((offset, i) => moveBack(swaying, i, offset!));
    const still = view(0, 0);
    for (const frame of swaying.frames) {
      let worst = 0;
      for (let y = 4; y < HEIGHT - 4; y++) {
        for (let i = y * WIDTH + 4; i < (y + 1) * WIDTH - 4; i++)
          worst = Math.max(worst, Math.abs(frame[i]! - still[i]!));
      }
      expect(worst).toBeLessThan(4);
    }
  });
});
