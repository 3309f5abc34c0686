import { describe, expect, it } from '@jest/globals';
import { betterVariant } from './variants.js';

const variants = [360, 2160, 1080, 720].map((height, index) => ({ index, width: (height * 16) / 9, height }));

describe('betterVariant', () => {
  it('is the largest that is not too high', () => {
    expect(betterVariant(variants, 1080)).toBe(2);
    expect(betterVariant(variants, 1000)).toBe(3);
  });

  it('is none when the largest fits', () => {
    expect(betterVariant(variants, 2160)).toBeNull();
  });

  it('is none when nothing fits', () => {
    expect(betterVariant(variants, 200)).toBeNull();
    expect(betterVariant([], 200)).toBeNull();
  });
});
