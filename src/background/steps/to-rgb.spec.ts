import { describe, expect, it } from '@jest/globals';
import { FINE } from '../fixed-point.js';
import { clipOf } from '../../../test/vision/clip-of.js';
import { toRgb, type YuvFormat } from './to-rgb.js';

const plain = (y: number, u: number, v: number) =>
  Uint16Array.from([...Array<number>(16).fill(y), u, u, u, u, v, v, v, v], (value) => value * FINE);
/** Of a picture of 4 x 4 px. */
function rgbOf(fine: Uint16Array, format: YuvFormat): Uint8Array {
  const clip = clipOf([new Uint8Array(24)], 4, 4);
  const at = clip.memory.take(fine.byteLength);
  clip.memory.bytes(at, fine.byteLength).set(new Uint8Array(fine.buffer));
  return toRgb(clip, at, format).rgb;
}

const colour = (frame: Uint16Array, colorMatrix: 'bt601' | 'bt709', fullRange: boolean) => [
  ...rgbOf(frame, { colorMatrix, fullRange }).slice(0, 3),
];

describe('toRgb', () => {
  it('reads limited and full range', () => {
    expect(colour(plain(16, 128, 128), 'bt709', false)).toEqual([0, 0, 0]);
    expect(colour(plain(235, 128, 128), 'bt709', false)).toEqual([255, 255, 255]);
    expect(colour(plain(235, 128, 128), 'bt709', true)).toEqual([235, 235, 235]);
  });

  it('reads pure red by either matrix', () => {
    expect(colour(plain(81, 90, 240), 'bt601', false)).toEqual([254, 0, 0]);
    expect(colour(plain(63, 102, 240), 'bt709', false)).toEqual([255, 1, 0]);
  });

  it('interpolates colour between its samples', () => {
    const frame = plain(128, 128, 128);
    frame.set([128 * FINE, 228 * FINE, 128 * FINE, 228 * FINE], 16);
    const blue = [...rgbOf(frame, { colorMatrix: 'bt601', fullRange: true })].filter((_, i) => i % 3 === 2);
    expect(blue[0]).toBeLessThan(blue[1]!);
    expect(blue[1]).toBeLessThan(blue[2]!);
  });
});
