import sharp from 'sharp';
import { heatMapsOf } from '../../src/damage/builtin/heat-maps.js';
import { above } from '../../src/damage/builtin/marks/regions.js';
import { inputSizeFor, type RoadModel } from '../../src/damage/builtin/road-model.js';
import type { Model } from '../../src/damage/model/inference.js';
import { dilate, shareOf, stretch, type Mask } from '../../src/picture/mask.js';
import type { Picture } from '../../src/picture/picture.js';

/** How the model's own map of the road fits where traffic drove. Shares, 0..1. */
export interface RoadScore {
  /** Of the driven road, what is called road once traffic showed it. */
  drivenFound: number;
  /** Of what is far from it, what is called road when nobody shows it. */
  farCalledRoad: number;
  /** Of the driven road of an empty picture, what is called a vehicle. */
  drivenCalledVehicle: number;
}

/** Farther from the driven road than this share of the picture's width is no road that anybody left out. */
const FAR = 0.1;

/** Compares the model's map of the road with where traffic drove. */
export async function roadScoreOf(
  { width, height, rgb }: Picture,
  driven: Mask,
  model: { settings: RoadModel; loaded: Model },
): Promise<RoadScore> {
  const size = inputSizeFor({ width, height }, model.settings.pixels);
  const resized = sharp(rgb, { raw: { width, height, channels: 3 } }).resize({ ...size, fit: 'fill', kernel: 'cubic' });
  const maps = await heatMapsOf(model.loaded, await resized.raw().toBuffer(), size);
  const grid = { width: maps.width, height: maps.height };
  const [drivenRoad, sight] = [model.settings.lane.driven, model.settings.lane.sight].map((threshold) => {
    return above({ ...grid, data: maps.lane }, threshold);
  });
  const cars = maps.vehicle && above({ ...grid, data: maps.vehicle }, model.settings.vehicle ?? 1);
  const inside = stretch(driven, grid.width, grid.height);
  const near = dilate(inside, Math.round(FAR * grid.width));
  const far = { ...near, data: near.data.map((cell) => 1 - cell) };
  return {
    drivenFound: shareWithin(drivenRoad!, inside),
    farCalledRoad: shareWithin(sight!, far),
    drivenCalledVehicle: cars === undefined ? 0 : shareWithin(cars, inside),
  };
}

function shareWithin(mask: Mask, place: Mask): number {
  const both = { ...mask, data: mask.data.map((cell, i) => cell & place.data[i]!) };
  return shareOf(both) / Math.max(Number.EPSILON, shareOf(place));
}
