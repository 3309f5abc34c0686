import { afterAll, describe, expect, it } from '@jest/globals';
import {
  drawStill,
  FramePainter,
  NO_DAMAGE,
  sceneOf,
  VIEWPOINTS,
  yuvFrame,
  type Stay,
} from '../../demo/renderer/index.js';
import { BuiltinDetector } from '../../src/damage/builtin/builtin-detector.js';
import { alone } from '../../src/damage/memory/recollection.js';
import { besideVehicles, pastBesideVehicles } from '../../src/inspection/beside-vehicles.js';
import { inspectPicture, type Inspected } from '../../src/inspection/inspect-road.js';
import { shareOf } from '../../src/picture/mask.js';
import type { Picture } from '../../src/picture/picture.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import { analysisOf, backgroundOf, blocks, drawView } from './drawn-view.js';

const threads = new ThreadPool();
afterAll(() => threads.close());
const { signal } = new AbortController();

/** The road with a van that stands there all the time: what is left in an empty road when nothing tells it apart. */
function parked(...stays: Stay[]): Picture {
  const scene = sceneOf({
    seed: 3,
    view: VIEWPOINTS.arm,
    damage: NO_DAMAGE,
    traffic: 0,
    stays,
    width: 640,
    height: 360,
  });
  const still = drawStill(scene);
  const { width, height } = scene;
  const frame = yuvFrame(width, height);
  new FramePainter(scene, still).paint(0, frame);
  return { width, height, rgb: toRgb(frame, width, height) };
}

/** Full range, BT.601: near enough to look at. */
function toRgb({ y, u, v }: ReturnType<typeof yuvFrame>, width: number, height: number): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8ClampedArray(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const chroma = (Math.floor(i / width) >> 1) * (width >> 1) + ((i % width) >> 1);
    const [luma, blue, red] = [1.164 * (y.data[i]! - 16), u.data[chroma]! - 128, v.data[chroma]! - 128];
    rgb.set([luma + 1.596 * red, luma - 0.392 * blue - 0.813 * red, luma + 2.017 * blue], 3 * i);
  }
  return new Uint8Array(rgb.buffer);
}

const VAN: Stay = { kind: 'van', u: 1.7, v: 18, from: -1, until: 1_000 };

describe('a vehicle that stands on the road all the time', () => {
  it('is seen by the built-in detector, and nothing is marked on it', async () => {
    const { analysis, vehicles } = await inspectPicture(new BuiltinDetector(threads), parked(VAN), { signal });
    expect(analysis.hiddenRoadShare).toBeGreaterThan(0.01);
    expect(shareOf(vehicles!)).toBeGreaterThan(0.003);
    expect(analysis.detections).toEqual([]);
  });

  it('is not seen where none stands', async () => {
    const { analysis } = await inspectPicture(new BuiltinDetector(threads), parked(), { signal });
    expect(analysis.hiddenRoadShare).toBeLessThan(0.005);
  });
});

describe('besideVehicles', () => {
  const stands = (hiddenRoadShare: number): Inspected => ({
    analysis: { ...analysisOf([]), hiddenRoadShare },
    vehicles: blocks(240, 200, 80, 40),
  });

  it.each([
    [0.05, 'partly_hidden'],
    [0.4, 'inconclusive'],
  ])('calls a road of which vehicles hide %d %s, and says why', (share, verdict) => {
    const { meta, hiddenRoad } = besideVehicles(backgroundOf(drawView()), stands(share));
    expect(meta).toMatchObject({
      verdict,
      doubts: ['standing'],
      verdictReason: expect.stringContaining('Vehicles stand'),
    });
    expect(shareOf(hiddenRoad)).toBeCloseTo(shareOf(stands(share).vehicles!));
  });

  it('leaves the verdict to others where hardly any of it is hidden', () => {
    expect(besideVehicles(backgroundOf(drawView()), stands(0.001)).meta.verdict).toBe('clear');
  });

  it('remembers their place as unseen, so that nothing there counts as gone', () => {
    const seen = backgroundOf(drawView());
    const past = pastBesideVehicles(alone(seen, { kept: 0, compared: 0, note: '', filledRoadShare: 0 }), stands(0.05));
    expect(shareOf(past.unseen)).toBeCloseTo(shareOf(stands(0.05).vehicles!));
    expect(shareOf(past.seen.hiddenRoad)).toBeCloseTo(shareOf(past.unseen));
    expect(shareOf(seen.hiddenRoad)).toBe(0);
  });
});
