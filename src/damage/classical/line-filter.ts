import type { GreyPlane } from './plane-filters.js';

/** Directions tried over half a turn. */
const DIRECTIONS = 12;

/** The offsets of one direction: along the line, and from it to its two sides. */
interface Direction {
  along: readonly { x: number; y: number }[];
  sides: readonly { x: number; y: number }[];
}

/**
 * How much darker a short straight line through a pixel is than the ground on *both* sides of it, in the direction
 * where that is most; so an edge, dark on one side only, gives nothing. Computed where `mask` is 1.
 *
 * @param reach half the line's length, px
 * @param distances from the line to its sides, px; the best counts
 */
export function darkLines(plane: GreyPlane, mask: Uint8Array, reach: number, distances: readonly number[]): GreyPlane {
  const { width, height } = plane;
  const out = new Float32Array(plane.data.length);
  const directions = directionsOf(reach, distances);
  const margin = reach + Math.max(...distances) + 1;
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) {
      const i = y * width + x;
      if (mask[i] === 1) out[i] = strongest(plane.data, i, width, directions);
    }
  }
  return { width, height, data: out };
}

function directionsOf(reach: number, distances: readonly number[]): Direction[] {
  return Array.from({ length: DIRECTIONS }, (_, k) => {
    const angle = (k * Math.PI) / DIRECTIONS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const steps = Array.from({ length: reach + 1 }, (_, j) => 2 * j - reach);
    return {
      along: steps.map((step) => ({ x: Math.round(step * dx), y: Math.round(step * dy) })),
      sides: distances.map((distance) => ({ x: Math.round(-distance * dy), y: Math.round(distance * dx) })),
    };
  });
}

function strongest(data: Float32Array, at: number, width: number, directions: readonly Direction[]): number {
  let best = 0;
  for (const { along, sides } of directions) {
    const centre = meanAlong(data, at, width, along);
    for (const side of sides) {
      const offset = side.y * width + side.x;
      const left = meanAlong(data, at + offset, width, along);
      if (left - centre <= best) continue;
      best = Math.max(best, Math.min(left, meanAlong(data, at - offset, width, along)) - centre);
    }
  }
  return best;
}

function meanAlong(data: Float32Array, at: number, width: number, along: Direction['along']): number {
  let sum = 0;
  for (const { x, y } of along) sum += data[at + y * width + x]!;
  return sum / along.length;
}
