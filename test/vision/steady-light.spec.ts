import { describe, expect, it } from '@jest/globals';
import { extractBackground } from '../../src/background/extract.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { capture, errorAgainstGround, type Body } from './drawn-road.js';

const WIDTH = 162;
const HEIGHT = 98;
const PAIRS = 20;
const SIZE = WIDTH * HEIGHT;
const never = new AbortController().signal;

/** Drives through the picture again and again. */
const traffic = (time: number): Body[] => [{ x: ((time * 7) % 400) - 60, y: 40, width: 30, height: 20, value: 180 }];

/** A coloured clip, of which the camera changes the frames from pair `from` until `until`. */
function changed(from: number, until: number, change: (frame: Uint8Array) => void): CapturedFrames {
  const clip = capture(WIDTH, HEIGHT, PAIRS, traffic);
  clip.frames.forEach((frame, i) => {
    frame.fill(112, SIZE, SIZE * 1.25).fill(140, SIZE * 1.25);
    if (i >> 1 >= from && i >> 1 < until) change(frame);
  });
  return clip;
}

const expose = (gain: number) => (frame: Uint8Array) => {
  for (let i = 0; i < SIZE; i++) frame[i] = Math.min(235, 16 + (frame[i]! - 16) * gain);
};

function turnInfrared(frame: Uint8Array): void {
  expose(0.8)(frame);
  frame.fill(128, SIZE);
}

describe('a camera that changes its picture meanwhile', () => {
  it('to infrared is told, and the road is that by day', async () => {
    const { picture, meta } = await extractBackground(changed(12, 20, turnInfrared), never);
    expect(meta).toMatchObject({ verdict: 'partly_hidden', doubts: ['infrared_switch'], framesUsed: 24 });
    expect(meta.verdictReason).toContain('infrared');
    expect(meta.quality.steadyLight).toEqual({ change: 'infrared', keptShare: 0.6, isInfrared: false });
    expect(meta.quality.light).toBe('day');
    expect(picture.rgb.filter((_, i) => i % 3 === 0)).not.toEqual(picture.rgb.filter((_, i) => i % 3 === 1));
  });

  it('to infrared early is night, however bright the lamp is', async () => {
    const { meta } = await extractBackground(changed(6, 20, turnInfrared), never);
    expect(meta.doubts).toEqual(['infrared_switch']);
    expect(meta.quality).toMatchObject({ light: 'night', steadyLight: { keptShare: 0.7, isInfrared: true } });
  });

  it.each([0.6, 1.6])(
    'by an exposure that pumps (%d times) is told, and the road is that of the usual one',
    async (gain) => {
      const steady = await extractBackground(changed(0, 0, expose(1)), never);
      const { picture, meta } = await extractBackground(changed(8, 12, expose(gain)), never);
      expect(meta).toMatchObject({ verdict: 'partly_hidden', doubts: ['exposure'] });
      expect(meta.quality.steadyLight).toEqual({ change: 'exposure', keptShare: 0.8, isInfrared: false });
      expect(meta.quality.meanLuma).toBeCloseTo(steady.meta.quality.meanLuma, 0);
      expect(errorAgainstGround(picture.rgb, WIDTH, HEIGHT).offShare).toBe(0);
    },
  );

  it('for most of the time makes it inconclusive', async () => {
    const clip = changed(0, 7, expose(0.6));
    clip.frames.slice(26).forEach(expose(1.5));
    const { meta } = await extractBackground(clip, never);
    expect(meta).toMatchObject({ verdict: 'inconclusive', doubts: ['exposure'] });
  });

  it('by little, or for the blink of an eye, does no harm', async () => {
    for (const clip of [changed(8, 12, expose(1.05)), changed(8, 9, expose(1.6))]) {
      expect((await extractBackground(clip, never)).meta).toMatchObject({ verdict: 'clear', doubts: [] });
    }
  });
});
