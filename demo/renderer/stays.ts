import { randomFor } from './random.js';
import { LANE_WIDTH_M } from './road-map.js';
import type { Scene, Stay } from './scene.js';
import { vehicleOf } from './vehicle-models.js';
import type { Placed } from './vehicle-painter.js';

/** How vehicles that stop here drive: m/s, and s from that to a stand. */
const SPEED = 11;
const BRAKING = 2.5;

/** Nearer to the camera's foot, and farther ahead, nothing is drawn, m. */
const NEAREST_M = -14;
const FARTHEST_M = 210;

/** Whether a vehicle that stands takes a lane, counted from the road's middle. */
export function takesLane({ stays = [] }: Scene, lane: number): boolean {
  return stays.some(({ u }) => Math.floor(u / LANE_WIDTH_M) === lane);
}

/** The vehicles that stand, come to stand or drive on at `time` s of the clip. */
export function stayingAt({ stays = [], seed }: Scene, time: number): Placed[] {
  return stays
    .map((stay, i): Placed => {
      const oncoming = stay.u < 0;
      const v = stay.v + (oncoming ? -1 : 1) * advance(stay, time);
      return { vehicle: vehicleOf(stay.kind, randomFor(seed + i, 'stay')), u: stay.u, v, oncoming };
    })
    .filter(({ v }) => v > NEAREST_M && v < FARTHEST_M);
}

/** How far it is from where it stands, m; below 0 while it comes. */
function advance({ from, until }: Stay, time: number): number {
  if (time < from) return -rolled(from - time);
  return time > until ? rolled(time - until) : 0;
}

/** How far one comes in `seconds` from a stand. */
function rolled(seconds: number): number {
  const starting = Math.min(seconds, BRAKING);
  return (SPEED * starting * starting) / (2 * BRAKING) + SPEED * (seconds - starting);
}
