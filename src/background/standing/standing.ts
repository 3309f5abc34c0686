import type { Clip } from '../kernels/clip.js';
import type { Pointer } from '../kernels/kernels.js';
import { emptyMask, type Mask } from '../../picture/mask.js';
import type { QuietBlocks } from '../steps/motion.js';
import { BlockLooks } from './block-looks.js';
import { stepsAround, type StepsAround } from './steps-around.js';
import { takeOut } from './take-out.js';
import { twoFacedRegions } from './two-faced.js';

/** The picture shows a vehicle when it stands out from the road beside it so many times as much as the other look … */
const CLEARLY_MORE = 1.5;
/** … and the road when the other look does; this changes nothing, so less suffices. */
const MORE = 1.25;

/** What stands out by less is no vehicle for certain, grey values: a car as grey as the road may be what the picture shows. */
const LEAST_OF_VEHICLE = 15;

/** What stands out by more than this is no road, grey values: one vehicle may have taken the place of another. */
const MOST_OF_ROAD = 18;

/** What became of that which came to stand on the road, or left. On the grid of the driven road. */
export interface WhatStayed {
  /** Where it was taken out: the road was seen before it came or after it went. */
  takenOut: Mask;
  /** Where it cannot be told which of two looks is the road's. */
  unsure: Mask;
}

/**
 * Looks for what stood for a part of the clip only, and came or went once, which the median and the runs of values take for
 * road. Where its outline tells, it is taken out of `fine`.
 * @param picture the luma of `fine`
 */
export function takeOutStanding(
  clip: Clip,
  gates: QuietBlocks,
  road: Mask,
  picture: Uint8Array,
  fine: Pointer,
): WhatStayed {
  const looks = new BlockLooks(clip, gates, road);
  const [takenOut, unsure] = [emptyMask(road.width, road.height), emptyMask(road.width, road.height)];
  for (const region of twoFacedRegions(looks, road, picture)) {
    const steps = stepsAround(region, looks, road, picture);
    if (steps === undefined || showsRoad(steps)) continue;
    const isGone = showsVehicle(steps) && takeOut(clip, region, looks, picture, fine);
    for (const block of region.blocks) (isGone ? takenOut : unsure).data[block] = 1;
  }
  return { takenOut, unsure };
}

function showsRoad({ shown, other }: StepsAround): boolean {
  return shown <= MOST_OF_ROAD && other >= Math.max(LEAST_OF_VEHICLE, MORE * shown);
}

function showsVehicle({ shown, other }: StepsAround): boolean {
  return other <= MOST_OF_ROAD && shown >= CLEARLY_MORE * other;
}
