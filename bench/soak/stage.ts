import { readClip, renderClip } from '../../demo/clip.js';
import { CAMERAS } from '../../demo/cameras.js';
import { LiveOrigin } from '../../demo/live-origin.js';
import { CLIPS } from '../../demo/places.js';
import { sceneOf } from '../../demo/renderer/index.js';

/** s */
const SMALL_SECONDS = 12;

/** Names of small cameras; as many as jobs at once. */
export const SMALL_CAMERAS = ['small_1', 'small_2', 'small_3', 'small_4'] as const;

/** Names of cameras in 720p. */
export const FULL_CAMERAS = ['full_1', 'full_2', 'full_3', 'full_4'] as const;

/** Serves the demo's roads as live cameras: four in 320x180, four in 720p. Draws what is not there yet. */
export async function startCameras(): Promise<LiveOrigin> {
  const small = sceneOf({ seed: 21, width: 320, height: 180, seconds: SMALL_SECONDS });
  const full = [...CAMERAS.values()][0]!;
  for (const scene of [small, full]) await renderClip(CLIPS, scene);
  const [smallClip, fullClip] = [await readClip(CLIPS, small), await readClip(CLIPS, full)];
  return LiveOrigin.start(
    new Map([
      ...SMALL_CAMERAS.map((camera) => [camera, smallClip] as const),
      ...FULL_CAMERAS.map((camera) => [camera, fullClip] as const),
    ]),
  );
}
