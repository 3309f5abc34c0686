import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawStill, FramePainter, yuvFrame, type Scene, type Still } from './renderer/index.js';

/** s; also the distance of key frames */
export const SEGMENT_SECONDS = 2;

/** A rendered and encoded scene, cut into segments of {@link SEGMENT_SECONDS}. */
export interface Clip {
  scene: Scene;
  /** Holds `000.ts` and so on, `clip.m3u8`, and the truth: `empty.png`, `road.png`, `crack.png`, `pothole.png`. */
  folder: string;
  /** MPEG-TS, in order */
  segments: Buffer[];
}

/** Where a scene's clip is kept below `cache`: the name changes with the scene and with the code that draws it. */
export function clipFolder(cache: string, scene: Scene): string {
  const hash = createHash('sha256').update(JSON.stringify(scene));
  const code = join(import.meta.dirname, 'renderer');
  for (const file of readdirSync(code).sort()) {
    if (file.endsWith('.js') && !file.includes('.spec.')) hash.update(readFileSync(join(code, file)));
  }
  hash.update(encoding(scene, '').join(' '));
  return join(cache, hash.digest('hex').slice(0, 16));
}

export function isRendered(cache: string, scene: Scene): boolean {
  return existsSync(clipFolder(cache, scene));
}

/** Reads a clip that {@link renderClip} made. */
export async function readClip(cache: string, scene: Scene): Promise<Clip> {
  const folder = clipFolder(cache, scene);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  return { scene, folder, segments: await Promise.all(files.map((file) => readFile(join(folder, file)))) };
}

/** Removes what renderings that were cut short left behind. Nothing may be rendering to `cache` meanwhile. */
export async function removeDrafts(cache: string): Promise<void> {
  if (!existsSync(cache)) return;
  const drafts = (await readdir(cache)).filter((name) => name.includes('.'));
  await Promise.all(drafts.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

/** Draws and encodes a scene unless its clip is there; takes about half the clip's length on one core. */
export async function renderClip(cache: string, scene: Scene): Promise<void> {
  const folder = clipFolder(cache, scene);
  if (existsSync(folder)) return;
  // Under another name until it is whole, so that an interrupted rendering is never taken for a clip.
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    const still = drawStill(scene);
    await Promise.all([writeTruth(draft, scene, still), encode(draft, scene, still)]);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function writeTruth(folder: string, scene: Scene, { picture, truth }: Still): Promise<void> {
  const { width, height } = scene;
  const png = (data: Uint8Array, channels: 1 | 3, name: string): Promise<unknown> =>
    sharp(data, { raw: { width, height, channels } }).png().toFile(join(folder, name));
  await png(picture.rgb, 3, 'empty.png');
  for (const kind of ['road', 'crack', 'pothole'] as const) await png(truth[kind], 1, `${kind}.png`);
  await writeFile(join(folder, 'scene.json'), JSON.stringify(scene, null, 2));
}

function encoding(scene: Scene, folder: string): string[] {
  const input = `-f rawvideo -pix_fmt yuv420p -video_size ${scene.width}x${scene.height} -framerate ${scene.fps} -i pipe:0`;
  const group = scene.fps * SEGMENT_SECONDS;
  // Without B-frames the stamps of one round lead to the next without a gap.
  const codec = `-c:v libx264 -preset veryfast -crf 23 -bf 0 -g ${group} -keyint_min ${group} -sc_threshold 0`;
  const output = `-f hls -hls_time ${SEGMENT_SECONDS} -hls_playlist_type vod -hls_segment_filename`;
  return [
    ...`-hide_banner -nostdin -loglevel error ${input} ${codec} ${output}`.split(' '),
    join(folder, '%03d.ts'),
    join(folder, 'clip.m3u8'),
  ];
}

async function encode(folder: string, scene: Scene, still: Still): Promise<void> {
  const ffmpeg = spawn('ffmpeg', encoding(scene, folder), { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  ffmpeg.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  // A broken pipe is told by the exit code.
  ffmpeg.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve, reject) => {
    ffmpeg.once('error', reject);
    ffmpeg.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg cannot encode: ${complaint}`))));
  });
  await Promise.race([ended, feed(ffmpeg.stdin, scene, still)]);
  await ended;
}

async function feed(pipe: NodeJS.WritableStream, scene: Scene, still: Still): Promise<void> {
  const painter = new FramePainter(scene, still);
  for (let number = 0; number < painter.count; number++) {
    const frame = yuvFrame(scene.width, scene.height);
    painter.paint(number, frame);
    await new Promise<void>((resolve) => pipe.write(frame.bytes, () => resolve()));
  }
  pipe.end();
}
