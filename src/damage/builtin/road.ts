import { dilate, shareOf, stretch, type Mask } from '../../picture/mask.js';
import { both, LEAST_DRIVEN, type RoadHint } from '../road-hint.js';
import type { HeatMaps } from './heat-maps.js';
import { above } from './marks/regions.js';
import type { RoadModel } from './road-model.js';

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

/**
 * The road: where traffic drove or the operator's region is, as far as the model agrees; without either the model's own
 * map.
 */
export function roadOf(maps: HeatMaps, model: Pick<RoadModel, 'lane'>, hint?: RoadHint): Road {
  const { width, height } = maps;
  const laneFrom = (threshold: number) => above({ width, height, data: maps.lane }, threshold);
  if (hint === undefined) return modelRoad(laneFrom(model.lane.sight));
  const lane = laneFrom(hint.fromTraffic ? model.lane.driven : model.lane.sight);
  const given = stretch(hint.mask, width, height);
  const mask = both(given, dilate(lane, EDGE));
  return { mask, grounds: hint.grounds, doubt: hint.fromTraffic ? doubtOfTraffic(given, lane) : doubtOfRegion(mask) };
}

function doubtOfTraffic(given: Mask, lane: Mask): string | null {
  const agreement = shareOf(both(given, lane)) / shareOf(given);
  return agreement < LEAST_AGREEMENT ? disagreement(agreement) : null;
}

/** A region may be generous, so only a road that is not there at all says something. */
function doubtOfRegion(road: Mask): string | null {
  return shareOf(road) > 0 ? null : "The model sees no road in the operator's region.";
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
