import { describe, expect, it } from '@jest/globals';
import type { Background } from '../../src/background/background.js';
import { extractBackground } from '../../src/background/extract.js';
import { capture, errorAgainstGround, type Body } from './drawn-road.js';

const WIDTH = 162;
const HEIGHT = 98;
const PAIRS = 30;
const SPEED = 4;
const CAR = { x: 60, y: 20, width: 40, height: 24, value: 170 };
const never = new AbortController().signal;

/** Where a car is that stands from frame `from` until frame `until` of 300, and drives before and after. */
function stay(car: Body, from: number, until: number, time: number): Body {
  return { ...car, x: car.x - SPEED * Math.max(0, from - time) + SPEED * Math.max(0, time - until) };
}

/** Traffic on the lane below, which passes all the while. */
const passing = (time: number): Body => ({ x: ((time * 7) % 400) - 60, y: 60, width: 30, height: 20, value: 180 });

function watch(bodiesAt: (time: number) => readonly Body[]): Promise<Background> {
  return extractBackground(capture(WIDTH, HEIGHT, PAIRS, bodiesAt), never);
}

const offShare = ({ picture }: Background) => errorAgainstGround(picture.rgb, WIDTH, HEIGHT).offShare;
const isHidden = ({ hiddenRoad: { data, width } }: Background) => data[8 * width + 20] === 1;

describe('what stands on the road for most of the clip', () => {
  it.each([
    ['came and stayed', 60, 1_000],
    ['had stood from the start and left', -1_000, 230],
    ['came and left', 45, 270],
  ])('is taken out when it %s', async (_how, from, until) => {
    const background = await watch((time) => [stay(CAR, from, until, time), passing(time)]);
    expect(offShare(background)).toBeLessThan(0.002);
    expect(background.meta).toMatchObject({ quality: { standingRoadShare: 0 } });
    expect(background.meta.quality.repairedRoadShare).toBeGreaterThan(0.01);
  });

  it('is not made of the road by a car that comes to stand at the end, or leaves at the start', async () => {
    const late = await watch((time) => [stay(CAR, 260, 1_000, time), passing(time)]);
    const early = await watch((time) => [stay(CAR, -1_000, 40, time), passing(time)]);
    for (const background of [late, early]) {
      expect(offShare(background)).toBeLessThan(0.002);
      expect(background.meta.verdict).toBe('clear');
    }
  });

  it('is told as hidden where one vehicle takes the place of another, and the road never shows', async () => {
    const next = { ...CAR, value: 40 };
    const background = await watch((time) => [
      stay(CAR, -1_000, 170, time),
      stay(next, 180, 1_000, time),
      passing(time),
    ]);
    expect(background.meta.verdict).not.toBe('clear');
    expect(background.meta.doubts).toContain('standing');
    expect(background.meta.verdictReason).toContain('Something came to stand');
    expect(background.meta.quality.standingRoadShare).toBeGreaterThan(0.05);
    expect(isHidden(background)).toBe(true);
  });
});
