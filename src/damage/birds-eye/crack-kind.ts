import type { DamageClass } from '../damage-detector.js';
import type { PlanePoint } from '../../picture/geometry/homography.js';

/** How an outline on the road lies. m */
export interface Lie {
  /** Its longest diameter. */
  longest: number;
  /** Its extent at a right angle to that. */
  broadest: number;
  /** Radians from the road's direction to the longest diameter, 0..pi/2. */
  fromRoad: number;
}

/** A crack whose marked area is that wide on average is a net of cracks. m */
const NET_WIDTH = 0.4;

/** A shape has to be so many times larger than what the picture resolves there before its form says anything. */
const LEAST_DETAIL = 3;

/** As broad as this share of its length, a crack has no direction. */
const NO_DIRECTION = 0.7;

/** How an outline in metres lies; y runs along the road. */
export function lieOf(outline: readonly PlanePoint[]): Lie {
  let [longest, dx, dy] = [0, 0, 1];
  for (const [i, a] of outline.entries()) {
    for (const b of outline.slice(i + 1)) {
      const distance = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (distance > longest) [longest, dx, dy] = [distance, (b[0] - a[0]) / distance, (b[1] - a[1]) / distance];
    }
  }
  const aside = outline.map(([x, y]) => x * dy - y * dx);
  const broadest = outline.length === 0 ? 0 : Math.max(...aside) - Math.min(...aside);
  return { longest, broadest, fromRoad: Math.atan2(Math.abs(dx), Math.abs(dy)) };
}

/**
 * The kind of a crack by how it lies on the road: a net (D20), along (D00), across (D10); plain `crack` where the
 * picture is too coarse to tell.
 * @param areaM2 of what is marked within the outline
 * @param resolutionM side of the smallest thing that the detector can tell apart there, m
 */
export function crackKind({ longest, broadest, fromRoad }: Lie, areaM2: number, resolutionM: number): DamageClass {
  if (longest < LEAST_DETAIL * resolutionM) return 'crack';
  const width = areaM2 / Math.max(longest, Number.EPSILON);
  if (width >= Math.max(NET_WIDTH, LEAST_DETAIL * resolutionM)) return 'D20';
  if (broadest > NO_DIRECTION * longest) return 'crack';
  return fromRoad < Math.PI / 4 ? 'D00' : 'D10';
}
