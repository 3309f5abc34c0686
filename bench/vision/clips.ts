import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clipFolder, renderClip } from '../../demo/clip.js';
import { CLIPS } from '../../demo/places.js';
import { sceneOf } from '../../demo/renderer/index.js';

const run = promisify(execFile);

/** A clip that memory is measured with. */
export interface MemoryClip {
  name: string;
  /** Name of its folder. */
  folder: string;
  /** s to watch */
  seconds: number;
}

/** The same scene at all sizes, and a small one for 20 s and for 600 s. 5 frames a second: memory does not depend on it. */
const SIZES = [
  { name: '720p', folder: '720p', seconds: 20, height: 720 },
  { name: '1080p', folder: '1080p', seconds: 20, height: 1080 },
  { name: '4K', folder: '4k', seconds: 20, height: 2160 },
  { name: '360p, 20 s', folder: '360p', seconds: 20, height: 360 },
  { name: '360p, 600 s', folder: '360p', seconds: 600, height: 360 },
];

/** Twice the 20 s it is watched, and some more. */
const LOOPS_OF_LONGEST = 26;

/** A road with traffic in 720p by the demo's renderer, drawn once and then kept. Gives back its playlist. */
export async function drawClip(): Promise<string> {
  const scene = sceneOf({ seed: 11, traffic: 0.4 });
  await renderClip(CLIPS, scene);
  return join(clipFolder(CLIPS, scene), 'clip.m3u8');
}

/** Cuts a video into an HLS playlist `index.m3u8` as it is, in a folder that is made. */
export async function cut(video: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run('ffmpeg', [...words('-v error -nostdin -i'), video, ...words('-an -c copy'), ...hls(folder)]);
}

/** Makes the clips for the memory runs below a folder. */
export async function makeMemoryClips(video: string, folder: string): Promise<MemoryClip[]> {
  for (const { folder: name, height } of new Map(SIZES.map((size) => [size.folder, size])).values()) {
    const loops = height === 360 ? LOOPS_OF_LONGEST : 0;
    const input = ['-v', 'error', '-nostdin', '-stream_loop', String(loops), '-i', video];
    const filter = ['-an', '-vf', `fps=5,scale=-2:${height}`, '-c:v', 'libx264', '-preset', 'ultrafast'];
    await mkdir(join(folder, name), { recursive: true });
    await run('ffmpeg', [...input, ...filter, ...hls(join(folder, name))]);
  }
  return SIZES;
}

function hls(folder: string): string[] {
  return [...words('-f hls -hls_list_size 0 -hls_time 2 -hls_playlist_type vod'), join(folder, 'index.m3u8')];
}

function words(text: string): string[] {
  return text.split(' ');
}
