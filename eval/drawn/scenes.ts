import { sceneOf, VIEWPOINTS, type Scene } from '../../demo/renderer/index.js';

/** Nothing was chosen or repaired by looking at roads of these seeds. */
export const FIRST_SEED = 3100;

/** What is easy and what is hard for a background, by name; the seed counts up from `firstSeed`. */
export function drawnScenes(firstSeed: number): Map<string, Scene> {
  const { gantry, arm, mast, steep } = VIEWPOINTS;
  const wishes: Record<string, Partial<Scene>> = {
    'light traffic': { view: gantry, traffic: 0.15 },
    'heavy traffic': { view: arm, traffic: 0.75 },
    'dense traffic, steep view': { view: steep, traffic: 0.9 },
    'dense traffic on six lanes': { view: gantry, lanes: 3, traffic: 0.9 },
    'a lane stands for 12 s': { view: mast, traffic: 0.3, stop: 12 },
    'a full lane stands for 18 s': { view: arm, lanes: 1, traffic: 0.9, stop: 18 },
    'the camera sways by 3 px': { view: gantry, traffic: 0.4, jitter: 3 },
    'dusk, and a noisy camera': { view: mast, traffic: 0.3, sun: 0, light: 0.4, noise: 4 },
  };
  return new Map(Object.entries(wishes).map(([name, wish], i) => [name, sceneOf({ seed: firstSeed + i, ...wish })]));
}
