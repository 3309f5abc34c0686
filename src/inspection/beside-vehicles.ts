import type { Background } from '../background/background.js';
import { withStanding } from '../background/quality.js';
import type { Recollection } from '../damage/memory/recollection.js';
import { shareOf, stretch, unite, type Mask } from '../picture/mask.js';
import type { Inspected } from './inspect-road.js';

/**
 * From this share of the road on vehicles stand there. On empty real roads the built-in model took up to 0.7 % for some, among
 * them those parked at the edge; on the same roads with traffic 6 % and more.
 */
const LEAST_SHARE = 0.008;

/** A background of which a detector said where vehicles stand: the road there counts as hidden, and the verdict says so. */
export function besideVehicles(background: Background, { analysis, vehicles }: Inspected): Background {
  if (vehicles === undefined || shareOf(vehicles) === 0) return background;
  const share = analysis.hiddenRoadShare ?? 0;
  const meta = share < LEAST_SHARE ? background.meta : withStanding(background.meta, share);
  return { ...background, meta, hiddenRoad: united(background.hiddenRoad, vehicles) };
}

/** The same for all that is known of a road: what vehicles hide is remembered as unseen, and never compared. */
export function pastBesideVehicles(past: Recollection, inspected: Inspected): Recollection {
  const { background, seen, unseen } = past;
  return {
    ...past,
    background: besideVehicles(background, inspected),
    seen: besideVehicles(seen, inspected),
    unseen: inspected.vehicles === undefined ? unseen : united(unseen, inspected.vehicles),
  };
}

function united(mask: Mask, other: Mask): Mask {
  const both = { ...mask, data: new Uint8Array(mask.data) };
  unite(both, stretch(other, mask.width, mask.height));
  return both;
}
