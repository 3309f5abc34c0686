import { describe, expect, it } from '@jest/globals';
import { ALL_DAMAGE, drawStill, NO_DAMAGE, sceneOf, VIEWPOINTS, type Still } from './index.js';

const small = { width: 192, height: 108, view: VIEWPOINTS.steep };
const damaged = drawStill(sceneOf(small));
const sound = drawStill(sceneOf({ ...small, damage: NO_DAMAGE }));

/** The mean change from one picture to the other, grey values, over the pixels that `mask` chooses. */
function changeWhere(from: Still, to: Still, mask: (pixel: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < from.truth.road.length; pixel++) {
    if (!mask(pixel)) continue;
    sum += to.picture.rgb[3 * pixel + 1]! - from.picture.rgb[3 * pixel + 1]!;
    count++;
  }
  return sum / count;
}

const share = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value / 255, 0) / mask.length;

describe('the drawn road', () => {
  it('is the same for the same seed', () => {
    expect(Buffer.from(drawStill(sceneOf(small)).picture.rgb).equals(damaged.picture.rgb)).toBe(true);
  });

  it('is another one for another seed', () => {
    expect(Buffer.from(drawStill(sceneOf({ ...small, seed: 2 })).picture.rgb).equals(damaged.picture.rgb)).toBe(false);
  });

  it('is darker where the truth says that damage is', () => {
    expect(changeWhere(sound, damaged, (pixel) => damaged.truth.crack[pixel] === 255)).toBeLessThan(-15);
    expect(changeWhere(sound, damaged, (pixel) => damaged.truth.pothole[pixel] === 255)).toBeLessThan(-25);
  });

  it('is otherwise the same road as without damage', () => {
    const isSound = (pixel: number): boolean => !damaged.truth.crack[pixel] && !damaged.truth.pothole[pixel];
    expect(Math.abs(changeWhere(sound, damaged, isSound))).toBeLessThan(1);
  });

  it('is darker at dusk, and otherwise the same', () => {
    const dusk = drawStill(sceneOf({ ...small, light: 0.4 })).picture.rgb;
    expect(dusk).toEqual(damaged.picture.rgb.map((value) => Math.round(0.4 * value)));
  });

  it('has no damage in its truth when none is wanted', () => {
    expect(share(sound.truth.crack)).toBe(0);
    expect(share(sound.truth.pothole)).toBe(0);
  });

  it('draws only the kinds of damage that are wanted', () => {
    const cracked = drawStill(sceneOf({ ...small, damage: { ...ALL_DAMAGE, potholes: false } }));
    expect(share(cracked.truth.crack)).toBeGreaterThan(0);
    expect(share(cracked.truth.pothole)).toBe(0);
  });

  it('has its damage on the road', () => {
    const { road, crack, pothole } = damaged.truth;
    const away = road.filter((value, pixel) => value === 0 && (crack[pixel] === 255 || pothole[pixel] === 255));
    expect(away.length).toBe(0);
  });

  it.each(Object.entries(VIEWPOINTS))('shows enough of itself from the %s', (_, view) => {
    const road = share(drawStill(sceneOf({ ...small, view, damage: NO_DAMAGE })).truth.road);
    expect(road).toBeGreaterThan(0.2);
    expect(road).toBeLessThan(0.95);
  });
});
