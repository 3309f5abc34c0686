import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Background } from '../../src/background/background.js';
import { fitScale } from '../../src/damage/scale/fit-scale.js';
import { CAR_WIDTH_M, carWidthAt, type RoadScale } from '../../src/damage/scale/road-scale.js';
import { roadSeen, seenOf, truthAt, VIEWS } from './drawn-traffic.js';

const DISTANCES_M = [8, 10, 15, 20, 25, 30, 35, 40];
const VISITS = 3;

/** For a still and sixty frames. */
const DRAWING_MS = 60_000;

/** The scale's error at each distance that the view shows, as a share. */
function errorsOf(scale: RoadScale, view: keyof typeof VIEWS): Record<string, number> {
  const scene = roadSeen(VIEWS[view]!);
  return Object.fromEntries(
    DISTANCES_M.flatMap((ahead) => {
      const truth = truthAt(scene, ahead);
      if (truth === undefined) return [];
      const pxPerMetre = (carWidthAt(scale, truth.row) * scene.width) / CAR_WIDTH_M;
      return [[`${ahead} m`, Math.round(1_000 * (pxPerMetre / truth.pxPerMetre - 1)) / 1_000]];
    }),
  );
}

describe('the scale that a camera measures itself', () => {
  describe.each(Object.keys(VIEWS).map((view, i) => [view, i] as const))('%s', (view, index) => {
    const visits: Background['traffic'][] = [];

    for (let visit = 0; visit < VISITS; visit++) {
      const scene = roadSeen(VIEWS[view]!, { seed: 7_101 + 10 * index + 2 * visit });
      beforeAll(async () => void visits.push((await seenOf(scene)).traffic), DRAWING_MS);
    }

    it('is within 15 % from 8 to 40 m after three visits', () => {
      const scale = fitScale(visits) as RoadScale;
      expect(scale).toMatchObject({ visits: VISITS });
      const errors = errorsOf(scale, view);
      expect(Object.keys(errors).length).toBeGreaterThan(2);
      expect(Math.max(...Object.values(errors).map(Math.abs))).toBeLessThan(0.15);
    });
  });
});
