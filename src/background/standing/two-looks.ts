import type { BlockLook } from './block-looks.js';

/** A look that lasts is seen in so many pairs of frames, 1.3 s and more: what only passes is not. */
const FEWEST_PAIRS = 2;

/** Of a look's showings so many may lie where those of the other belong: something like it passed in front. */
const STRAY_SHARE = 0.1;

/** Two looks that differ by less on average differ in an edge that trembles, or in noise. Grey values. */
const LEAST_CONTRAST = 6;

/**
 * Another look that a block had for a while, all before, all after or all around the one that the picture shows: something
 * came to stand there, or went. Undefined when the two took turns, as the road and traffic do, and when the
 * other came and went while the shown one stayed.
 */
export function otherLookOf(looks: readonly BlockLook[], shown: BlockLook): BlockLook | undefined {
  return looks
    .filter((other) => other.pairs.length >= FEWEST_PAIRS && contrastOf(shown, other) >= LEAST_CONTRAST)
    .filter((other) => isApart(shown.pairs, other.pairs))
    .sort((a, b) => b.pairs.length - a.pairs.length)[0];
}

/** How much two looks differ: mean grey values of the quarters. */
export function contrastOf(a: BlockLook, b: BlockLook): number {
  return a.quarters.reduce((sum, value, i) => sum + Math.abs(value - b.quarters[i]!), 0) / a.quarters.length;
}

/** Whether the other look was seen only before the first and after the last time that the shown one was. */
function isApart(shown: readonly number[], other: readonly number[]): boolean {
  const stray = Math.floor(STRAY_SHARE * shown.length) >> 1;
  const [from, until] = [shown[stray]!, shown[shown.length - 1 - stray]!];
  const within = other.filter((pair) => pair > from && pair < until).length;
  return within <= STRAY_SHARE * other.length;
}
