import { describe, expect, it } from '@jest/globals';
import { extractBackground } from '../../src/background/extract.js';
import { FrameMemory } from '../../src/background/kernels/frame-memory.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { TransientStepError } from '../../src/job/errors.js';
import { capture, errorAgainstGround, type Body } from './drawn-road.js';

const WIDTH = 162;
const HEIGHT = 98;
const PASSING = { y: 40, width: 30, height: 20, value: 180 };
const never = new AbortController().signal;

/** Drives through the picture again and again. */
const traffic = (time: number): Body[] => [{ ...PASSING, x: ((time * 7) % 400) - 60 }];

describe('extractBackground', () => {
  it('finds the ground under passing traffic', async () => {
    const { picture, meta } = await extractBackground(capture(WIDTH, HEIGHT, 20, traffic), never);
    const { mean, offShare } = errorAgainstGround(picture.rgb, WIDTH, HEIGHT);
    expect(mean).toBeLessThan(2);
    expect(offShare).toBe(0);
    expect(meta).toMatchObject({ framesUsed: 40, width: WIDTH, height: HEIGHT, verdict: 'clear' });
  });

  it('says where traffic drove', async () => {
    const { drivenRoad, meta } = await extractBackground(capture(WIDTH, HEIGHT, 20, traffic), never);
    const at = (x: number, y: number) => drivenRoad.data[Math.floor(y / 4) * drivenRoad.width + Math.floor(x / 4)];
    expect([at(80, 50), at(80, 8), at(80, 90)]).toEqual([1, 0, 0]);
    expect(meta.quality.coverage).toBeGreaterThan(0.15);
  });

  it('takes out a vehicle that stood for most of the time and drove on', async () => {
    const stands = { ...PASSING, y: 20, x: 60 };
    const bodiesAt = (time: number) => (time > 40 && time < 160 ? [stands] : [{ ...stands, x: 2 * time - 200 }]);
    const { picture, meta, hiddenRoad } = await extractBackground(capture(WIDTH, HEIGHT, 20, bodiesAt), never);
    expect(errorAgainstGround(picture.rgb, WIDTH, HEIGHT).offShare).toBeLessThan(0.002);
    expect(meta.quality.repairedRoadShare).toBeGreaterThan(0.1);
    const at = (x: number, y: number) => hiddenRoad.data[Math.floor(y / 4) * hiddenRoad.width + Math.floor(x / 4)];
    expect([at(75, 30), at(20, 30), at(75, 80)]).toEqual([1, 0, 0]);
  });

  it('finds the ground between vehicles that hide it most of the time', async () => {
    const dense = (time: number): Body[] =>
      Array.from({ length: 9 }, (_, i) => {
        const car = i + Math.floor(time / 13);
        return { ...PASSING, x: ((time * 3) % 39) + 39 * (i - 4), value: 30 + ((car * 67) % 180) };
      });
    const { picture } = await extractBackground(capture(WIDTH, HEIGHT, 30, dense), never);
    expect(errorAgainstGround(picture.rgb, WIDTH, HEIGHT).offShare).toBeLessThan(0.03);
  });

  it('uses what came when frames are few', async () => {
    const few = capture(WIDTH, HEIGHT, 3, traffic);
    const { meta } = await extractBackground({ ...few, frames: few.frames.slice(0, 5) }, never);
    expect(meta.framesUsed).toBe(4);
  });

  it('finds the same in a memory that another clip was in', async () => {
    const placed = (clip: CapturedFrames, before?: FrameMemory) => {
      const memory = new FrameMemory(clip.frames[0]!.length, clip.frames.length, before);
      clip.frames.forEach((frame, i) => memory.frame(i).set(frame));
      return { memory, captured: { ...clip, frames: clip.frames.map((_, i) => memory.frame(i)) } };
    };
    const large = placed(capture(WIDTH, HEIGHT, 20, traffic));
    await extractBackground(large.captured, never);
    const clip = capture(WIDTH - 30, HEIGHT - 20, 12, traffic);
    const small = placed(clip, large.memory);
    expect(small.memory.memory).toBe(large.memory.memory);
    const again = await extractBackground(small.captured, never);
    const fresh = await extractBackground(clip, never);
    expect([again.picture, again.drivenRoad, again.hiddenRoad]).toEqual([
      fresh.picture,
      fresh.drivenRoad,
      fresh.hiddenRoad,
    ]);
  });

  it('refuses fewer than five frames', async () => {
    const refused = extractBackground(capture(WIDTH, HEIGHT, 2, traffic), never);
    await expect(refused).rejects.toBeInstanceOf(TransientStepError);
    await expect(refused).rejects.toMatchObject({ code: 'HLS_TOO_FEW_FRAMES', step: 'background' });
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    await expect(extractBackground(capture(WIDTH, HEIGHT, 5, traffic), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
