import { sceneOf, VIEWPOINTS, type Scene, type Stay } from '../../demo/renderer/index.js';

/** Nothing was chosen or repaired by looking at roads of these seeds. */
export const FIRST_SEED = 3100;

/** s of a clip that stands for all of what is watched, and more. */
const ALWAYS = 1_000;

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

/** What no background may be called clear for, by name: none of it counts when all of it was put right. */
export function faultyScenes(firstSeed: number): Map<string, Scene> {
  const { gantry, arm, mast, steep } = VIEWPOINTS;
  const wishes: Record<string, Partial<Scene>> = {
    'a car parks for 20 of 24 s': { view: gantry, traffic: 0.3, stays: [at('car', 5.1, 20, 2, 22)] },
    'a car comes after 4 s and stays': { view: arm, traffic: 0.3, stays: [at('car', 5.3, 24, 4, ALWAYS)] },
    'a car leaves after 20 s': { view: mast, traffic: 0.4, stays: [at('car', -5, 26, -9, 20)] },
    'a delivery van': { view: steep, traffic: 0.3, stays: [at('van', 5.2, 9, -9, 18)] },
    'a queue at a light': {
      view: gantry,
      traffic: 0.3,
      stays: [5, 14, 22, 31].map((v) => at('car', 1.7, v + 6, -9, 19)),
    },
    'the camera turns to infrared': { view: mast, traffic: 0.2, light: 0.7, cameraLight: { infraredFrom: 14 } },
    'the exposure pumps': { view: gantry, traffic: 0.2, cameraLight: { pumps: PUMPS } },
    'the camera sways behind dense traffic': { view: arm, traffic: 0.9, jitter: 2 },
  };
  return new Map(Object.entries(wishes).map(([name, wish], i) => [name, sceneOf({ seed: firstSeed + i, ...wish })]));
}

const PUMPS = [
  { from: 4, until: 7, gain: 1.5 },
  { from: 12, until: 14, gain: 0.6 },
];

function at(kind: Stay['kind'], u: number, v: number, from: number, until: number): Stay {
  return { kind, u, v, from, until };
}
