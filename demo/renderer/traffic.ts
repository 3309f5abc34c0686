import { randomFor, type Random } from './random.js';
import { LANE_WIDTH_M } from './road-map.js';
import type { Scene } from './scene.js';
import { stayingAt, takesLane } from './stays.js';
import { anyVehicle, type Vehicle } from './vehicle-models.js';
import type { Placed } from './vehicle-painter.js';

/** Vehicles beyond are too small to be drawn, m. */
const FARTHEST_M = 210;
/** Behind the camera's foot by this much nothing reaches into the picture, m. */
const BEHIND_M = 14;
/** Smallest gap between two vehicles, bumper to bumper, m. */
const SMALLEST_GAP_M = 5;

/**
 * One lane's vehicles on a belt that runs past the camera. The belt moves on by its own length in one loop of the clip, so
 * that the last frame leads to the first.
 */
interface Lane {
  u: number;
  oncoming: boolean;
  /** m */
  belt: number;
  /** When within the loop, 0..1, the lane stops, and the share of the loop it loses by that. */
  stop: { at: number; share: number };
  vehicles: { vehicle: Vehicle; place: number; aside: number }[];
}

/** The traffic of a scene: who is where at any time. */
export class Traffic {
  private readonly lanes: Lane[] = [];

  constructor(private readonly scene: Scene) {
    if (scene.traffic <= 0) return;
    const random = randomFor(scene.seed, 'traffic');
    const stopping = random.whole(0, 2 * scene.lanes - 1);
    for (let lane = -scene.lanes; lane < scene.lanes; lane++) {
      const belt = laneOf(scene, lane, lane + scene.lanes === stopping, random);
      if (!takesLane(scene, lane)) this.lanes.push(belt);
    }
  }

  /** All vehicles that may be seen at `time` s, the farthest first. */
  at(time: number): Placed[] {
    const share = (time / this.scene.seconds) % 1;
    const driving = this.lanes.flatMap((lane) => placesIn(lane, share));
    return [...driving, ...stayingAt(this.scene, time % this.scene.seconds)].sort((a, b) => rearOf(b) - rearOf(a));
  }
}

function rearOf({ v, oncoming, vehicle }: Placed): number {
  return oncoming ? v - vehicle.model.length : v;
}

function laneOf(scene: Scene, lane: number, stops: boolean, random: Random): Lane {
  const moving = stops ? scene.seconds - scene.stop : scene.seconds;
  const speed = random.between(11, 17) * (1 - 0.35 * scene.traffic);
  const belt = Math.max(40, speed * moving);
  return {
    u: (lane + 0.5) * LANE_WIDTH_M,
    // Traffic keeps to the right.
    oncoming: lane < 0,
    belt,
    stop: { at: random.between(0.2, 0.6), share: stops ? scene.stop / scene.seconds : 0 },
    vehicles: fill(belt, scene.traffic, random),
  };
}

/** Vehicles with gaps that shrink as traffic grows; never so close that they touch where the belt closes. */
function fill(belt: number, traffic: number, random: Random): Lane['vehicles'] {
  const vehicles: Lane['vehicles'] = [];
  const mean = 7 / traffic ** 1.5;
  let place = random.between(0, mean);
  for (;;) {
    const vehicle = anyVehicle(random);
    const end = place + vehicle.model.length + SMALLEST_GAP_M;
    if (end > belt) return vehicles;
    vehicles.push({ vehicle, place, aside: random.between(-0.3, 0.3) });
    place = end - mean * Math.log(1 - 0.98 * random.next());
  }
}

function placesIn(lane: Lane, share: number): Placed[] {
  const gone = progress(lane, share) * lane.belt;
  const placed: Placed[] = [];
  for (const { vehicle, place, aside } of lane.vehicles) {
    const within = (place + gone) % lane.belt;
    for (let v = within - lane.belt; v < FARTHEST_M + BEHIND_M; v += lane.belt) {
      const ahead = lane.oncoming ? FARTHEST_M - v : v - BEHIND_M;
      if (ahead > -BEHIND_M && ahead < FARTHEST_M)
        placed.push({ vehicle, u: lane.u + aside, v: ahead, oncoming: lane.oncoming });
    }
  }
  return placed;
}

/** How far a lane has come in its loop, 0..1: even, but for the stop, which it brakes for and starts from smoothly. */
function progress({ stop }: Lane, share: number): number {
  if (stop.share <= 0) return share;
  const soft = Math.min(0.06, stop.share / 2, stop.at / 2);
  const from = stop.at - soft;
  const to = stop.at + stop.share + soft;
  const speed = 1 / (1 - stop.share);
  if (share < from) return share * speed;
  if (share > to) return 1 - (1 - share) * speed;
  const braking = rolled(share - from, 2 * soft);
  const starting = rolled(to - share, 2 * soft);
  const level = from * speed;
  const end = 1 - (1 - to) * speed;
  const middle = (level + end) / 2;
  return share < (from + to) / 2 ? Math.min(middle, level + braking * speed) : Math.max(middle, end - starting * speed);
}

/** How far one rolls in `time` when braking evenly from speed 1 to 0 over `span`. */
function rolled(time: number, span: number): number {
  const t = Math.min(time, span);
  return t - (t * t) / (2 * span);
}
