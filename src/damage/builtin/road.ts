import { dilate, shareOf, stretch, type Mask } from '../../background/mask.js';
import { LEAST_DRIVEN } from '../classical/road-area.js';
import { LANE } from './find-damage.js';
import type { HeatMaps } from './heat-maps.js';
import { above } from './regions.js';

/** Where damage is looked for, and why there. */
export interface Road {
  /** On the grid of the heat maps. */
  mask: Mask;
  /** A sentence. */
  grounds: string;
  /** A sentence when the model does not know what it sees, else null. */
  doubt: string | null;
}

/** The model has to take at least this share of the driven road for road; else the view is not one it knows. */
const LEAST_AGREEMENT = 0.5;

/** Cells that the model's road is widened by: its edge is as uncertain. */
const EDGE = 1;

/** The road: where traffic drove, as far as the model agrees; without traffic the model's own map. */
export function roadOf(maps: HeatMaps, driven?: Mask): Road {
  const { width, height } = maps;
  const lane = above({ width, height, data: maps.lane }, LANE);
  if (driven === undefined || shareOf(driven) < LEAST_DRIVEN) return modelRoad(lane);
  const given = stretch(driven, width, height);
  const agreement = shareOf(both(given, lane)) / shareOf(given);
  return {
    mask: both(given, dilate(lane, EDGE)),
    grounds: 'The road is where traffic drove.',
    doubt: agreement < LEAST_AGREEMENT ? disagreement(agreement) : null,
  };
}

function modelRoad(lane: Mask): Road {
  const isRoad = shareOf(lane) >= LEAST_DRIVEN;
  return {
    mask: lane,
    grounds: 'No traffic showed where the road is: it is where the model sees one.',
    doubt: isRoad ? null : 'The model sees no road in this picture.',
  };
}

function disagreement(agreement: number): string {
  const share = `${Math.round(100 * agreement)} %`;
  return `The model takes only ${share} of where traffic drove for road: this is no view it knows.`;
}

function both(a: Mask, b: Mask): Mask {
  return { ...a, data: a.data.map((cell, i) => cell & b.data[i]!) };
}
