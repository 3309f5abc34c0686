import type { Mask } from '../../picture/mask.js';

/** What an earlier visit says counts so much less than what the next one says. */
const DECAY = 0.7;

/** From this weight on it counts: the last visit alone, or two earlier ones that agree. */
const ENOUGH = 0.65;

/**
 * Where traffic drove: now, or often enough in the visits before. Leaves in the wind and other noise of one visit are
 * forgotten soon.
 * @param earlier on the same grid, newest first
 */
export function refinedRoad(now: Mask, earlier: readonly Mask[]): Mask {
  const data = now.data.map((cell, i) => {
    if (cell === 1) return 1;
    const weight = earlier.reduce((sum, mask, age) => sum + mask.data[i]! * DECAY ** (age + 1), 0);
    return weight >= ENOUGH ? 1 : 0;
  });
  return { ...now, data };
}
