import type { CapturedFrames } from '../../src/capture/frame-source.js';

/** Draws small road scenes for tests: grey ground with texture, and bodies that drive over it. */
export interface Body {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Luma. */
  value: number;
}

/** A repeatable number from 0 up to 1 for a seed: texture must not differ from run to run. */
export function noise(seed: number): number {
  const mixed = Math.imul((seed ^ (seed >>> 15)) + 0x6d2b79f5, 0x2c1b3c6d);
  return (Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 0) / 2 ** 32;
}

/** The luma of the empty ground: asphalt with grain of +-6 grey values. */
export function groundLuma(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => 90 + Math.round(12 * noise(i) - 6));
}

/** One frame, YUV 4:2:0 without colour: ground, bodies with a pattern on them, and camera noise of +-1. */
export function drawFrame(width: number, height: number, bodies: readonly Body[], seed: number): Uint8Array {
  const frame = new Uint8Array((width * height * 3) / 2).fill(128);
  frame.set(groundLuma(width, height));
  for (const { x, y, width: w, height: h, value } of bodies) {
    for (let v = Math.max(0, y); v < Math.min(height, y + h); v++) {
      for (let u = Math.max(0, x); u < Math.min(width, x + w); u++) {
        frame[v * width + u] = value + 10 * (Math.floor((u - x) / 3) % 2);
      }
    }
  }
  for (let i = 0; i < width * height; i++) frame[i]! += Math.round(2 * noise(i + seed * 7919) - 1);
  return frame;
}

/** Pairs of frames; `bodiesAt` says what stands where at a time in frames of the source. */
export function capture(
  width: number,
  height: number,
  pairs: number,
  bodiesAt: (time: number) => readonly Body[],
): CapturedFrames {
  const times = Array.from({ length: pairs }, (_, pair) => [pair * 10, pair * 10 + 1]).flat();
  return {
    width,
    height,
    frames: times.map((time) => drawFrame(width, height, bodiesAt(time), time)),
    timesSeconds: times.map((time) => time / 25),
    // A sensor's noise is in every frame: each is as good as a key frame.
    groups: times,
    look: wholeLook(width, height, times.length),
    sourceFps: 25,
    colorMatrix: 'bt709',
    fullRange: false,
  };
}

/** The mean difference of a picture's grey from the empty ground, and the share of pixels off by more than 20. */
export function errorAgainstGround(rgb: Uint8Array, width: number, height: number) {
  const ground = groundLuma(width, height);
  let sum = 0;
  let off = 0;
  for (let i = 0; i < ground.length; i++) {
    const grey = ((ground[i]! - 16) * 255) / 219;
    const difference = Math.abs(rgb[3 * i + 1]! - grey);
    sum += difference;
    if (difference > 20) off++;
  }
  return { mean: sum / ground.length, offShare: off / ground.length };
}

/** All that was asked for came, and came well. */
export function wholeLook(width: number, height: number, framesTaken: number): CapturedFrames['look'] {
  return {
    askedSeconds: 20,
    watchedSeconds: 20,
    endedByItself: false,
    reconnects: 0,
    framesTaken,
    framesDamaged: 0,
    showsDamaged: false,
    source: { width, height, sampleAspectRatio: '1:1' },
  };
}
