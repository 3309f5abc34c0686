import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readClip, removeDrafts, renderClip } from '../demo/clip.js';
import { LiveOrigin } from '../demo/live-origin.js';
import { sceneOf } from '../demo/renderer/index.js';
import { STACK_FOLDER } from './places.js';

/** The camera that the stack brings along. */
const SAMPLE_CAMERA = 'sample_001';
/** Small and short: drawn within seconds, and looked at as quickly. */
const SCENE = sceneOf({ width: 640, height: 360, seconds: 8, traffic: 0.15 });

/** Serves the sample camera, drawn when it is not there yet. */
export async function startSample(): Promise<{ origin: LiveOrigin; playlist: string }> {
  const clips = join(STACK_FOLDER, 'clips');
  await mkdir(clips, { recursive: true });
  await removeDrafts(clips);
  await renderClip(clips, SCENE);
  const origin = await LiveOrigin.start(new Map([[SAMPLE_CAMERA, await readClip(clips, SCENE)]]));
  return { origin, playlist: origin.url(SAMPLE_CAMERA) };
}

/** Describes the sample camera for a stack whose settings describe none, so that its scheduler has something to do. */
export async function writeSampleCameras(playlist: string): Promise<string> {
  const file = join(STACK_FOLDER, 'cameras.json');
  const camera = { cctvId: SAMPLE_CAMERA, name: 'Sample road', hls: playlist };
  await writeFile(file, JSON.stringify({ cameras: [{ ...camera, inspectEveryMinutes: 10, inspectSeconds: 3 }] }));
  return file;
}
