import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { crowdedBlocks, roadBrightness, writeWeights } from '../../src/background/steps/crowded.js';
import { FINE, roundedLuma } from '../../src/background/fixed-point.js';
import { shiftsOf } from '../../src/background/steps/camera-shift.js';
import type { Clip } from '../../src/background/kernels/clip.js';
import type { Pointer } from '../../src/background/kernels/kernels.js';
import { drivenRoadOf, quietBlocksOf, type QuietBlocks } from '../../src/background/steps/motion.js';
import { looksOf } from '../../src/background/steps/sharpness.js';
import { meanOf } from '../../src/background/quality.js';
import { secondLook } from '../../src/background/steps/second-look.js';
import { moveBack } from '../../src/background/steps/camera-sway.js';
import { toRgb } from '../../src/background/steps/to-rgb.js';
import { clipOf } from './clip-of.js';
import { drawFrame, noise } from './drawn-road.js';
import * as plainShift from './plain/camera-shift.js';
import * as plainCrowded from './plain/crowded.js';
import * as plainMedian from './plain/gated-median.js';
import * as plainMotion from './plain/motion.js';
import * as plainLook from './plain/second-look.js';
import * as plainMove from './plain/move-back.js';
import { sharpnessOf } from './plain/sharpness.js';
import * as plainRgb from './plain/to-rgb.js';

// Plain code is slow on a busy machine; that is what the kernels are for.
jest.setTimeout(120_000);

const never = new AbortController().signal;

interface SceneKind {
  width: number;
  height: number;
  pairs: number;
  seed: number;
  traffic: number;
}

/** A clip by its size, pairs of frames and a seed. Odd sizes leave blocks at the edges that are not whole. */
const scenes: fc.Arbitrary<SceneKind> = fc.record({
  width: fc.integer({ min: 1, max: 40 }).chain((small) => fc.constantFrom(2 * small, 480 + small - (small % 2))),
  height: fc.integer({ min: 1, max: 24 }).map((half) => 2 * half),
  pairs: fc.integer({ min: 3, max: 9 }),
  seed: fc.nat(1e6),
  /** Of vehicles: 0 is none, 1 covers everything nearly always. */
  traffic: fc.constantFrom(0, 0.3, 0.9, 1),
});

/** Vehicles of random value, place and speed, on ground with grain; some of them stand. */
function framesOf({ width, height, pairs, seed, traffic }: SceneKind): Uint8Array[] {
  const random = (n: number) => noise(seed * 31 + n);
  const bodies = Array.from({ length: Math.ceil(12 * traffic) }, (_, i) => ({
    y: Math.floor(random(i) * height - 4),
    from: random(i + 100) * 2 * width - width / 2,
    speed: random(i + 200) < 0.4 ? 0 : 14 * random(i + 200) - 6,
    width: 4 + Math.floor(random(i + 300) * 60 * traffic),
    height: 4 + Math.floor(random(i + 400) * 20),
    value: Math.floor(random(i + 500) * 245),
    gone: random(i + 600) * 20 * pairs,
  }));
  return Array.from({ length: 2 * pairs }, (_, i) => {
    const time = 10 * (i >> 1) + (i % 2);
    const present = bodies.filter(({ gone }) => time < gone);
    const placed = present.map(({ from, speed, ...body }) => ({ ...body, x: Math.round(from + speed * time) }));
    const frame = drawFrame(width, height, placed, time + seed);
    for (let c = width * height; c < frame.length; c++) frame[c] = 128 + 30 * random(c * 7 + i) - 15;
    return frame;
  });
}

/** Jest compares long arrays slowly. */
function expectSame(actual: Uint8Array | Uint16Array, expected: Uint8Array | Uint16Array): void {
  const first = expected.findIndex((value, i) => value !== actual[i]);
  expect([actual.length, first, actual[first]]).toEqual([expected.length, -1, expected[first]]);
}

/** Both of each pair of frames share a gate. */
const perFrame = ({ pairs }: QuietBlocks) => pairs.flatMap((gate) => [gate, gate]);

const fineAt = ({ memory, width, height }: Clip, at: Pointer) =>
  new Uint16Array(memory.memory.buffer, at, (width * height * 3) / 2);

/** The kernel's median of a clip, and what the plain one says. */
async function medians(clip: Clip) {
  const gates = await quietBlocksOf(clip, never);
  const out = clip.memory.take(3 * clip.width * clip.height);
  clip.kernels.gatedMedian(gates.closed, out, 0, clip.blocks.rows);
  const plain = new Uint16Array((3 * clip.width * clip.height) / 2);
  for (const plane of clip.planes) {
    plainMedian.gatedMedian(clip.frames, perFrame(gates), plane, plain, 0, clip.blocks.rows);
  }
  return { gates, out, plain };
}

/** Runs a property over scenes. */
const forScenes = (check: (clip: Clip) => Promise<void>, runs = 15) =>
  fc.assert(
    fc.asyncProperty(scenes, (scene) => check(clipOf(framesOf(scene), scene.width, scene.height))),
    { numRuns: runs },
  );

describe('the kernels', () => {
  it('see the same motion as plain code', () =>
    forScenes(async (clip) => {
      const { pairs } = await quietBlocksOf(clip, never);
      const plain = pairs.map((_, i) => {
        return plainMotion.gateOf(clip.frames[2 * i]!, clip.frames[2 * i + 1]!, clip.width, clip.height);
      });
      expect(pairs).toEqual(plain);
    }));

  it('find the same median', () =>
    forScenes(async (clip) => {
      const { out, plain } = await medians(clip);
      expectSame(fineAt(clip, out), plain);
    }));

  it('fill crowded blocks with the same values', () =>
    forScenes(async (clip) => {
      const { gates, out, plain } = await medians(clip);
      const crowded = crowdedBlocks(gates);
      const size = clip.width * clip.height;
      const luma = clip.memory.bytes(roundedLuma(clip, out), size);
      const brightness = roadBrightness(luma, clip, gates).map((usual, row) =>
        Number.isNaN(usual) ? 40 + row : usual,
      );
      const [mask, weights] = [clip.memory.take(crowded.data.length), clip.memory.take(2048)];
      clip.memory.bytes(mask, crowded.data.length).set(crowded.data);
      for (let row = 0; row < clip.blocks.rows; row++) {
        writeWeights(clip, brightness[row]!, weights);
        clip.kernels.fillCrowded(row, mask, gates.moved, weights, out);
      }
      plainCrowded.fillCrowded(
        clip.frames,
        perFrame(gates),
        crowded,
        brightness,
        clip.planes,
        plain,
        0,
        crowded.height,
      );
      expectSame(fineAt(clip, out), plain);
    }));

  it('take the same second look', () =>
    forScenes(async (clip) => {
      const { gates, out } = await medians(clip);
      const road = drivenRoadOf(gates);
      const at = roundedLuma(clip, out);
      const [luma] = clip.planes;
      const median = clip.memory.bytes(at, luma.width * luma.height);
      const { look, lookAt } = secondLook(clip, gates, road, at);
      for (let row = 0; row < road.height; row++) lookAt(row);
      const plain = plainLook.secondLook(median, luma);
      plainLook.lookAgain(plain, clip.frames, perFrame(gates), median, road, luma, 0, road.height);
      expectSame(look.value, plain.value);
      expectSame(look.stood, plain.stood);
    }));

  it('take the same second look at values that mean nothing', () =>
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 30 }), fc.nat(255), (seed, pairs, spread) => {
        const frames = Array.from({ length: 2 * pairs }, (_, i) =>
          Uint8Array.from(
            { length: 384 },
            (_, x) => (noise(seed + 1000 * i + x) * spread + 20 * Math.floor(i / 5)) % 256,
          ),
        );
        const clip = clipOf(frames, 16, 16);
        const blocks = clip.blocks.columns * clip.blocks.rows;
        const mask = (data: Uint8Array<ArrayBuffer>) => ({
          width: clip.blocks.columns,
          height: clip.blocks.rows,
          data,
        });
        const [moved, closed] = [clip.memory.take(pairs * blocks), clip.memory.take(pairs * blocks)];
        const gates = {
          moved,
          closed,
          quiet: new Uint16Array(blocks),
          pairs: Array.from({ length: pairs }, (_, pair) => {
            const gate = (at: Pointer, share: number) => {
              const data = clip.memory.bytes(at + pair * blocks, blocks);
              return mask(data.map((_, block) => (noise(seed + at + pair * blocks + block) < share ? 1 : 0)));
            };
            return { moved: gate(moved, 0.1), closed: gate(closed, 0.5) };
          }),
        };
        gates.pairs.forEach((gate, pair) => {
          clip.memory.bytes(moved + pair * blocks, blocks).set(gate.moved.data);
          clip.memory.bytes(closed + pair * blocks, blocks).set(gate.closed.data);
        });
        const at = clip.memory.take(256 + 16);
        const median = clip.memory.bytes(at, 256).map((_, i) => noise(seed + i * 3) * spread);
        clip.memory.bytes(at, 256).set(median);
        const road = mask(new Uint8Array(blocks).fill(1));
        const { look, lookAt } = secondLook(clip, gates, road, at);
        for (let row = 0; row < road.height; row++) lookAt(row);
        const plain = plainLook.secondLook(median, clip.planes[0]);
        plainLook.lookAgain(plain, clip.frames, perFrame(gates), median, road, clip.planes[0], 0, road.height);
        expectSame(look.value, plain.value);
        expectSame(look.stood, plain.stood);
      }),
      { numRuns: 40, examples: [[7, 200, 90]] },
    ));

  it('find the same mean of samples, however many there are', () => {
    const clip = clipOf([new Uint8Array(24)], 4, 4);
    const plain = plainMedian.robustMean();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (samples) => {
        clip.memory.bytes(clip.scratch, samples.length).set(samples);
        const sorted = samples.toSorted();
        const near = samples.filter((sample) => Math.abs(sample - sorted[sorted.length >> 1]!) <= 8);
        const mean = Math.round((FINE * near.reduce((sum, sample) => sum + sample, 0)) / near.length);
        expect(clip.kernels.robustMean(clip.scratch, samples.length)).toBe(mean);
        expect(plain(samples, 0, samples.length)).toBe(mean);
      }),
    );
  });

  it('find the same median of as many frames as can be asked for', async () => {
    const scene = { width: 34, height: 18, pairs: 200, seed: 5, traffic: 0.9 };
    const clip = clipOf(framesOf(scene), scene.width, scene.height);
    const { out, plain } = await medians(clip);
    expectSame(fineAt(clip, out), plain);
  });

  it('see the same brightness and sharpness', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 }), fc.nat(1e6), (w, h, seed) => {
        const [width, height] = [2 * w, 2 * h];
        const luma = Uint8Array.from({ length: width * height }, (_, i) => 256 * noise(seed + i));
        const clip = clipOf([new Uint8Array((width * height * 3) / 2)], width, height);
        const at = clip.memory.take(luma.length + 16);
        clip.memory.bytes(at, luma.length).set(luma);
        const { meanLuma, sharpness } = looksOf(clip, at);
        expect([meanLuma, sharpness]).toEqual([meanOf(luma), sharpnessOf(luma, width, height)]);
      }),
    ));

  it('mix the same colours', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        fc.nat(1e6),
        fc.boolean(),
        (w, h, seed, fullRange) => {
          const [width, height] = [2 * w, 2 * h];
          const clip = clipOf([new Uint8Array((width * height * 3) / 2)], width, height);
          const fine = fineAt(clip, clip.memory.take(3 * width * height));
          fine.forEach((_, i) => (fine[i] = noise(seed + i) * 255.99 * FINE));
          const format = { colorMatrix: seed % 2 === 0 ? 'bt601' : 'bt709', fullRange } as const;
          expect(toRgb(clip, fine.byteOffset, format)).toEqual(plainRgb.toRgb(fine, width, height, format));
        },
      ),
    ));

  it('see the same shift, but for the last digits', () => {
    const seen = fc.record({
      seed: fc.nat(1e6),
      dx: fc.integer({ min: -9, max: 9 }),
      dy: fc.integer({ min: -9, max: 9 }),
    });
    fc.assert(
      fc.property(seen, ({ seed, dx, dy }) => {
        const [width, height] = [320, 240];
        const view = (left: number, top: number) => {
          const frame = new Uint8Array((width * height * 3) / 2);
          for (let i = 0; i < width * height; i++) {
            const [x, y] = [(i % width) + left, Math.floor(i / width) + top];
            frame[i] = 120 + 50 * Math.sin(x / 5 + y / 11 + seed) + 50 * Math.cos(y / 7 - x / 13) + 8 * noise(i + seed);
          }
          return frame;
        };
        const clip = clipOf([view(0, 0), view(dx, dy), view(dx / 2, 0.3)], width, height);
        const own = shiftsOf(clip);
        plainShift.shiftsOf(clip.frames, width, height).forEach((shift, i) => {
          expect(own[i] === null).toBe(shift === null);
          if (shift === null) return;
          expect(own[i]!.dx).toBeCloseTo(shift.dx, 9);
          expect(own[i]!.dy).toBeCloseTo(shift.dy, 9);
        });
      }),
      { numRuns: 4 },
    );
  });

  it('move frames to the same place, but for rounding', () => {
    const move = fc.record({
      dx: fc.double({ min: -30, max: 30, noNaN: true }),
      dy: fc.double({ min: -30, max: 30, noNaN: true }),
    });
    fc.assert(
      fc.property(move, scenes, (shift, scene) => {
        const frames = framesOf({ ...scene, pairs: 3 }).slice(0, 1);
        const clip = clipOf(frames, scene.width, scene.height);
        moveBack(clip, 0, shift);
        plainMove.moveBack(frames[0]!, shift, clip.planes);
        const off = frames[0]!.map((value, i) => Math.abs(value - clip.frames[0]![i]!));
        expect(off.findIndex((difference) => difference > 1)).toBe(-1);
        expect(off.filter((difference) => difference === 1).length).toBeLessThan(3 + off.length / 100);
      }),
      { numRuns: 20 },
    );
  });
});
