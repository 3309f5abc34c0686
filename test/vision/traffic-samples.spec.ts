import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawStill, VIEWPOINTS, type Still } from '../../demo/renderer/index.js';
import { MOST_VEHICLE_SAMPLES, type Background } from '../../src/background/background.js';
import { CalibratedDetector } from '../../src/damage/birds-eye/calibrated-detector.js';
import { ClassicalCrackDetector } from '../../src/damage/classical/classical-crack-detector.js';
import { fitScale } from '../../src/damage/scale/fit-scale.js';
import { CAR_WIDTH_M, carWidthAt, type RoadScale } from '../../src/damage/scale/road-scale.js';
import { inspectRoad } from '../../src/inspection/inspect-road.js';
import { crawlOf, roadSeen, seenOf, truthAt } from './drawn-traffic.js';

const scene = roadSeen(VIEWPOINTS.gantry, { seed: 7_200 });
let still: Still;
let empty: Background;
let traffic: Background['traffic'];

beforeAll(async () => {
  still = drawStill(scene);
  empty = await seenOf({ ...scene, traffic: 0 }, still);
});

describe('vehicles measured as they drive by', () => {
  it('give the scale of the road in one visit of normal traffic', async () => {
    ({ traffic } = await seenOf(scene, still));
    expect(traffic.length).toBeLessThanOrEqual(MOST_VEHICLE_SAMPLES);
    const scale = fitScale([traffic]) as RoadScale;
    for (const ahead of [15, 25, 40]) {
      const { row, pxPerMetre } = truthAt(scene, ahead)!;
      const measured = (carWidthAt(scale, row) * scene.width) / CAR_WIDTH_M;
      expect(Math.abs(measured / pxPerMetre - 1)).toBeLessThan(0.15);
    }
  });

  it('are none on an empty road, which has no scale', () => {
    expect(empty.traffic).toEqual([]);
    expect(fitScale([empty.traffic])).toHaveProperty('unknown');
  });

  it('give an inspection of the empty road its scale on a later visit', async () => {
    const detector = new CalibratedDetector(new ClassicalCrackDetector(), 2);
    const { signal } = new AbortController();
    const { analysis: first } = await inspectRoad(detector, empty, signal);
    expect(first.roadScale).toEqual({ unknown: expect.any(String) });
    const driven = { ...empty, drivenRoad: { width: 1, height: 2, data: Uint8Array.of(1, 1) } };
    const { analysis } = await inspectRoad(detector, driven, signal, {
      earlierTraffic: [[...traffic]],
    });
    expect(analysis.roadScale).toMatchObject({ calibration: 'traffic', visits: 1, samples: expect.any(Number) });
    expect(analysis.judgedRoadShare).toBe(0.5);
  });

  it('are few in one lane that crawls, which gives no scale', async () => {
    const { traffic } = await crawlOf(scene, still, 1.5, 6);
    expect(fitScale([traffic, traffic, traffic])).toHaveProperty('unknown');
  });
});
