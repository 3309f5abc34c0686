import { shareOf, type Mask } from '../picture/mask.js';
import type { PicturePoint } from '../cameras/camera.js';
import { polygonMask } from '../picture/geometry/polygon-mask.js';

/** Where the road is by somebody who knows better than a model: traffic, or the operator. */
export interface RoadHint {
  mask: Mask;
  /** A sentence for the analysis. */
  grounds: string;
  /** Traffic is proof of a road; a region of interest may hold verges too. */
  fromTraffic: boolean;
}

/** Less driven road than this share of the picture is no basis: nobody drove while the camera was watched. */
export const LEAST_DRIVEN = 0.02;

/** Cells of a region where no driven road gives a grid; fine enough for every detector. */
const GRID = { width: 192, height: 120 } as const;

/**
 * Where damage may be looked for: where traffic drove, within the operator's region; without traffic the region.
 * Undefined when neither is known, and a detector has to see for itself.
 */
export function roadHintOf(driven?: Mask, region?: readonly PicturePoint[]): RoadHint | undefined {
  const traffic = driven !== undefined && shareOf(driven) >= LEAST_DRIVEN ? driven : undefined;
  if (region === undefined) return traffic && hint(traffic, 'The road is where traffic drove.', true);
  const within = traffic && both(traffic, polygonMask(region, traffic.width, traffic.height));
  if (within !== undefined && shareOf(within) > 0) {
    return hint(within, "The road is where traffic drove within the operator's region.", true);
  }
  const grounds = "No traffic showed where the road is: it is looked for within the operator's region.";
  return hint(polygonMask(region, GRID.width, GRID.height), grounds, false);
}

/** Who shows where the road is. */
export function roadByOf(hint: RoadHint | undefined): 'traffic' | 'region' | 'sight' {
  if (hint === undefined) return 'sight';
  return hint.fromTraffic ? 'traffic' : 'region';
}

/** The cells that both masks of one size have. */
export function both(a: Mask, b: Mask): Mask {
  return { ...a, data: a.data.map((cell, i) => cell & b.data[i]!) };
}

function hint(mask: Mask, grounds: string, fromTraffic: boolean): RoadHint {
  return { mask, grounds, fromTraffic };
}
