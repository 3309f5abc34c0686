import { describe, expect, it } from '@jest/globals';
import { toYuv } from './color.js';
import { drawStill, FramePainter, sceneOf, yuvFrame, type Scene } from './index.js';

const small = sceneOf({ width: 192, height: 108, seconds: 6, noise: 0 });
const still = drawStill(small);

function frameOf(scene: Scene, number: number): Uint8Array {
  const frame = yuvFrame(scene.width, scene.height);
  new FramePainter(scene, still).paint(number, frame);
  return frame.bytes;
}

/** The share of bytes that differ by more than the codec would notice. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.filter((value, i) => Math.abs(value - b[i]!) > 3).length / a.length;
}

describe('the frames of a clip', () => {
  it('are the same for the same scene', () => {
    const noisy = { ...small, noise: 2, jitter: 1 };
    expect(frameOf(noisy, 40)).toEqual(frameOf(noisy, 40));
  });

  it('show the empty road when there is no traffic', () => {
    const { bytes } = toYuv(still.picture.rgb, small.width, small.height);
    expect(frameOf({ ...small, traffic: 0 }, 10)).toEqual(bytes);
  });

  it('show vehicles, and those move', () => {
    const empty = toYuv(still.picture.rgb, small.width, small.height).bytes;
    expect(difference(frameOf(small, 0), empty)).toBeGreaterThan(0.005);
    expect(difference(frameOf(small, 0), frameOf(small, 20))).toBeGreaterThan(0.005);
  });

  it.each([0, 3])('lead from the last to the first without a jump (%d s of standing)', (stop) => {
    const scene = { ...small, stop };
    const { count } = new FramePainter(scene, still);
    expect(frameOf(scene, count)).toEqual(frameOf(scene, 0));
    const stepAtSeam = difference(frameOf(scene, count - 1), frameOf(scene, 0));
    const stepWithin = difference(frameOf(scene, 0), frameOf(scene, 1));
    expect(stepAtSeam).toBeLessThan(2 * stepWithin + 0.01);
  });

  it('sway when the camera does', () => {
    const calm = frameOf({ ...small, traffic: 0 }, 10);
    const swaying = frameOf({ ...small, traffic: 0, jitter: 2 }, 10);
    expect(difference(calm, swaying)).toBeGreaterThan(0.01);
  });
});
