import { describe, expect, it } from '@jest/globals';
import { shareOf, type Mask } from '../../picture/mask.js';
import type { HeatMaps } from './heat-maps.js';
import { withoutVehicles } from './vehicles.js';

const [WIDTH, HEIGHT] = [288, 160];
const cells = (isSet: (x: number, y: number) => boolean) =>
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => (isSet(i % WIDTH, Math.floor(i / WIDTH)) ? 1 : 0));
const road: Mask = { width: WIDTH, height: HEIGHT, data: Uint8Array.from(cells((x) => x >= 100 && x < 200)) };

function maps(vehicle?: (x: number, y: number) => boolean): HeatMaps {
  const cold = new Float32Array(WIDTH * HEIGHT);
  const hot = vehicle && { vehicle: Float32Array.from(cells(vehicle)) };
  return { width: WIDTH, height: HEIGHT, crack: cold, pothole: cold, lane: cold, ...hot };
}

describe('withoutVehicles', () => {
  it('takes what a vehicle covers out of the road, and a little around it', () => {
    const parked = (x: number, y: number) => x >= 190 && x < 210 && y >= 80 && y < 100;
    const { road: seen, vehicles, hiddenShare } = withoutVehicles(road, maps(parked), { vehicle: 0.5 });
    expect(hiddenShare).toBeCloseTo((12 * 24) / (100 * HEIGHT));
    expect(shareOf(seen) + shareOf(vehicles!)).toBeCloseTo(shareOf(road));
  });

  it('leaves the road as it is where no vehicle stands on it, and with specks in the map', () => {
    const elsewhere = (x: number, y: number) => (x < 40 && y < 40) || (x === 150 && y === 80);
    expect(withoutVehicles(road, maps(elsewhere), { vehicle: 0.5 })).toMatchObject({ road, hiddenShare: 0 });
  });

  it('knows nothing of vehicles with a model that does not', () => {
    const answer = { road, vehicles: undefined, hiddenShare: 0 };
    expect(withoutVehicles(road, maps(), { vehicle: 0.5 })).toEqual(answer);
    expect(
      withoutVehicles(
        road,
        maps(() => true),
        { vehicle: undefined },
      ),
    ).toEqual(answer);
  });
});
