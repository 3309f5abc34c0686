import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawStill, VIEWPOINTS, type Still } from '../../demo/renderer/index.js';
import { MOST_SAMPLES } from '../../src/background/background.js';
import { fitScale } from '../../src/damage/scale/fit-scale.js';
import { CAR_WIDTH_M, carWidthAt, type RoadScale } from '../../src/damage/scale/road-scale.js';
import { crawlOf, roadSeen, seenOf, truthAt } from './drawn-traffic.js';

const scene = roadSeen(VIEWPOINTS.gantry, { seed: 7_200, width: 480, height: 270 });
let still: Still;

beforeAll(() => void (still = drawStill(scene)));

describe('vehicles measured as they drive by', () => {
  it('give the scale of the road in one visit of normal traffic', async () => {
    const { traffic } = await seenOf(scene, still);
    expect(traffic.length).toBeLessThanOrEqual(MOST_SAMPLES);
    const scale = fitScale([traffic]) as RoadScale;
    for (const ahead of [15, 25, 40]) {
      const { row, pxPerMetre } = truthAt(scene, ahead)!;
      const measured = (carWidthAt(scale, row) * scene.width) / CAR_WIDTH_M;
      expect(Math.abs(measured / pxPerMetre - 1)).toBeLessThan(0.15);
    }
  });

  it('are none on an empty road, which has no scale', async () => {
    const { traffic } = await seenOf({ ...scene, traffic: 0 }, still);
    expect(traffic).toEqual([]);
    expect(fitScale([traffic])).toHaveProperty('unknown');
  });

  it('are few in one lane that crawls, which gives no scale', async () => {
    const { traffic } = await crawlOf(scene, still, 1.5, 6);
    expect(fitScale([traffic, traffic, traffic])).toHaveProperty('unknown');
  });
});
