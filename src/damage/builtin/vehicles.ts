import { dilate, emptyMask, regionsOf, shareOf, type Mask } from '../../picture/mask.js';
import { both } from '../road-hint.js';
import type { HeatMaps } from './heat-maps.js';
import { above } from './marks/regions.js';
import type { RoadModel } from './road-model.js';

/** The road as far as no vehicle stands on it. */
export interface SeenRoad {
  road: Mask;
  /** Where vehicles hide it; undefined when the model has no map of them. */
  vehicles: Mask | undefined;
  /** Share of the road that they hide, 0..1. */
  hiddenShare: number;
}

/** Wheels and shadows reach so far around what the model takes for a vehicle. cells */
const AROUND = 2;

/** The model's map has specks; a vehicle is at least this share of the picture: 7 x 4 cells of 288 x 160. */
const LEAST_SHARE = 28 / (288 * 160);

/** Takes out of a road what the model sees vehicles on: they are no road, and what is marked on them is no damage. */
export function withoutVehicles(
  road: Mask,
  maps: HeatMaps,
  { vehicle: threshold }: Pick<RoadModel, 'vehicle'>,
): SeenRoad {
  const { width, height, vehicle } = maps;
  if (vehicle === undefined || threshold === undefined) return { road, vehicles: undefined, hiddenShare: 0 };
  const hidden = dilate(large(above({ width, height, data: vehicle }, threshold)), AROUND);
  const vehicles = both(road, hidden);
  const seen = both(road, { ...hidden, data: hidden.data.map((cell) => 1 - cell) });
  return { road: seen, vehicles, hiddenShare: shareOf(vehicles) / Math.max(Number.EPSILON, shareOf(road)) };
}

function large(mask: Mask): Mask {
  const out = emptyMask(mask.width, mask.height);
  for (const region of regionsOf(mask)) {
    if (region.length >= LEAST_SHARE * mask.data.length) for (const cell of region) out.data[cell] = 1;
  }
  return out;
}
