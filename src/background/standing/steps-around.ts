import type { Mask } from '../../picture/mask.js';
import type { BlockLooks } from './block-looks.js';
import type { TwoFacedRegion } from './two-faced.js';

/** Blocks from a region's edge to what lies beside it: the one in between may show the edge. */
const BESIDE = 2;

/** How far two looks of a region lie from the road beside it: mean grey values. */
export interface StepsAround {
  readonly shown: number;
  readonly other: number;
}

/**
 * Measures how much the picture of a region stands out from the road beside it, and how much its other look does. A
 * vehicle has an outline, the road has none: this is the test that tells an object that was left behind from a ghost.
 * Undefined where no driven road lies beside: that is leaves, or clouds.
 * @param picture its luma
 */
export function stepsAround(
  { faces, wide }: TwoFacedRegion,
  looks: BlockLooks,
  road: Mask,
  picture: Uint8Array,
): StepsAround | undefined {
  let [shownSteps, otherSteps, seen] = [0, 0, 0];
  for (const [block, { shown, other }] of faces) {
    for (const neighbour of besides(block, road)) {
      if (wide.data[neighbour] === 1 || road.data[neighbour] === 0) continue;
      const beside = meanOf(looks.signatureOf(picture, neighbour));
      seen++;
      shownSteps += Math.abs(meanOf(shown.quarters) - beside);
      otherSteps += Math.abs(meanOf(other.quarters) - beside);
    }
  }
  return seen === 0 ? undefined : { shown: shownSteps / seen, other: otherSteps / seen };
}

function besides(block: number, { width, height }: Mask): number[] {
  const x = block % width;
  const y = (block - x) / width;
  return [
    ...(x >= BESIDE ? [block - BESIDE] : []),
    ...(x < width - BESIDE ? [block + BESIDE] : []),
    ...(y >= BESIDE ? [block - BESIDE * width] : []),
    ...(y < height - BESIDE ? [block + BESIDE * width] : []),
  ];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
