import { describe, expect, it } from '@jest/globals';
import type { HeatMaps } from './heat-maps.js';
import { roadHintOf } from '../road-hint.js';
import { roadOf } from './road.js';
import { ROAD_DAMAGE } from './road-model.js';

const WIDTH = 40;
const HEIGHT = 20;

/** Maps whose road covers the columns up to `until`. */
function seen(until: number): HeatMaps {
  const cells = () => new Float32Array(WIDTH * HEIGHT);
  return {
    width: WIDTH,
    height: HEIGHT,
    crack: cells(),
    pothole: cells(),
    lane: cells().map((_, i) => (i % WIDTH < until ? 0.9 : 0.02)),
  };
}

/** Driven in columns of a coarser grid. */
const driven = (from: number, until: number) => ({
  width: 20,
  height: 10,
  data: Uint8Array.from({ length: 200 }, (_, i) => (i % 20 >= from && i % 20 < until ? 1 : 0)),
});
const columnsOf = (data: Uint8Array) => [...data.subarray(0, WIDTH)].reduce((sum, cell) => sum + cell, 0);

describe('roadOf', () => {
  it('is where traffic drove, as far as the model sees a road there', () => {
    const { mask, grounds, doubt } = roadOf(seen(30), ROAD_DAMAGE, roadHintOf(driven(5, 18)));
    expect(columnsOf(mask.data)).toBe(30 + 1 - 10);
    expect(grounds).toContain('traffic drove');
    expect(doubt).toBeNull();
  });

  it('asks less of the model where traffic drove than where the operator says a road may be', () => {
    const faint = { ...seen(0), lane: new Float32Array(WIDTH * HEIGHT).fill(0.3) };
    const everywhere = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ] as const;
    expect(columnsOf(roadOf(faint, ROAD_DAMAGE, roadHintOf(driven(5, 18))).mask.data)).toBe(2 * 13);
    expect(columnsOf(roadOf(faint, ROAD_DAMAGE, roadHintOf(undefined, everywhere)).mask.data)).toBe(0);
  });

  it('is where the model sees one when nobody drove', () => {
    const { mask, grounds, doubt } = roadOf(seen(30), ROAD_DAMAGE, roadHintOf(driven(0, 0)));
    expect(columnsOf(mask.data)).toBe(30);
    expect(grounds).toContain('the model sees one');
    expect(doubt).toBeNull();
  });

  it('is in doubt when the model and the traffic disagree', () => {
    expect(roadOf(seen(12), ROAD_DAMAGE, roadHintOf(driven(5, 18))).doubt).toContain('8 % of where traffic drove');
  });

  it('is in doubt when there is no road at all', () => {
    expect(roadOf(seen(0), ROAD_DAMAGE).doubt).toContain('no road');
  });
});
