import { join } from 'node:path';
import type { Processes } from './processes.js';
import { isRendered, readClip, removeDrafts, type Clip } from './clip.js';
import { CLIPS, ROOT } from './places.js';
import { sceneOf, VIEWPOINTS, type Scene } from './renderer/index.js';

/** The cameras of the demo: three places, views and kinds of weather. */
export const CAMERAS: ReadonlyMap<string, Scene> = new Map([
  ['cctv_001', sceneOf({ seed: 1, view: VIEWPOINTS.gantry, traffic: 0.15 })],
  ['cctv_002', sceneOf({ seed: 12, view: VIEWPOINTS.arm, bend: 0.001, traffic: 0.2, sun: 0.9 })],
  ['cctv_003', sceneOf({ seed: 7, view: VIEWPOINTS.mast, lanes: 1, traffic: 0.15, sun: 0 })],
]);

/** A camera that has a place in the city, and whose server answers with an error. */
export const LOST_CAMERA = 'cctv_004';

/** Reads the cameras' clips; draws those that are not there yet, two at a time. */
export async function prepareClips(processes: Processes, say: (line: string) => void): Promise<Map<string, Clip>> {
  await removeDrafts(CLIPS);
  const waiting = [...CAMERAS].filter(([, scene]) => !isRendered(CLIPS, scene));
  if (waiting.length > 0) say(`Drawing ${waiting.length} sample roads (first start only, about half a minute)…`);
  const drawNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await draw(processes, ...next);
      say(`  ${next[0]} is drawn`);
    }
  };
  await Promise.all([drawNext(), drawNext()]);
  const clips = new Map<string, Clip>();
  for (const [camera, scene] of CAMERAS) clips.set(camera, await readClip(CLIPS, scene));
  return clips;
}

async function draw(processes: Processes, camera: string, scene: Scene): Promise<void> {
  const role = `draw-${camera}`;
  const args = [join(import.meta.dirname, 'render.js'), JSON.stringify(scene)];
  const child = processes.start(role, process.execPath, args, { cwd: ROOT, env: process.env });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0)
    throw new Error(`A sample road could not be drawn: see ${processes.logOf(role)}. Has ffmpeg the encoder libx264?`);
}
