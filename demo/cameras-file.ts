import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CAMERAS, LOST_CAMERA } from './cameras.js';
import type { LiveOrigin } from './live-origin.js';
import { DEMO_FOLDER } from './places.js';

const DESCRIBED = {
  cctv_001: ['Harbour road, gantry', 37.5121, 127.0012, 20, 'Harbour road'],
  cctv_002: ['North bridge', 37.5163, 127.0058, 110, 'Ring road'],
  cctv_003: ['School lane, mast', 37.5098, 127.0101, 250, 'School lane'],
  [LOST_CAMERA]: ['Tunnel, west portal', 37.5139, 127.0149, 300, 'Ring road'],
} as const;

/** Writes what the service is to know of the cameras; gives the file. */
export async function writeCamerasFile(origin: LiveOrigin): Promise<string> {
  const cameras = Object.entries(DESCRIBED).map(([cctvId, [name, lat, lon, bearing, road]]) => ({
    ...{ cctvId, hls: origin.url(cctvId), name, location: { lat, lon }, bearing, road },
    tags: [CAMERAS.has(cctvId) ? 'drawn' : 'lost'],
  }));
  await mkdir(DEMO_FOLDER, { recursive: true });
  const file = join(DEMO_FOLDER, 'cameras.json');
  await writeFile(file, JSON.stringify({ cameras }, null, 2));
  return file;
}
