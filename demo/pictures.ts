import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { INSPECTION_FILES } from '../src/artifacts/artifact-names.js';
import type { Clip } from './clip.js';
import type { SampleJob } from './jobs.js';
import { folderOf } from './results.js';

/** px; a page shows both halves at some 400 px, and whoever opens the picture can read the labels. */
const HALF_WIDTH = 800;
const GAP = 8;
const JPEG_QUALITY = 80;

/** Its first frame is shown as "before": with vehicles on all lanes of the camera that is shown. */
const SEGMENT = '005.ts';

/** The camera that is shown: most of what is broken there is marked. */
export const SHOWN_CAMERA = 'cctv_002';

/** Where {@link writeBeforeAfter} writes. */
export const BEFORE_AFTER = 'before-after.jpg';

/**
 * Puts a frame of what the camera saw beside what the job made of it, as one JPEG for a page.
 * @param folder made if it is not there
 * @returns the file
 */
export async function writeBeforeAfter(folder: string, clip: Clip, job: SampleJob): Promise<string> {
  const before = await scaled(await frameOf(join(clip.folder, SEGMENT)));
  const after = await scaled(join(folderOf(job), INSPECTION_FILES.damageResult));
  const height = Math.max(before.info.height, after.info.height);
  await mkdir(folder, { recursive: true });
  const file = join(folder, BEFORE_AFTER);
  await sharp({ create: { width: 2 * HALF_WIDTH + GAP, height, channels: 3, background: '#000' } })
    .composite([
      { input: before.data, left: 0, top: 0 },
      { input: after.data, left: HALF_WIDTH + GAP, top: 0 },
    ])
    .jpeg({ quality: JPEG_QUALITY, mozjpeg: true })
    .toFile(file);
  return file;
}

function scaled(picture: Buffer | string) {
  return sharp(picture).resize({ width: HALF_WIDTH }).png().toBuffer({ resolveWithObject: true });
}

/** The first frame of a video, as PNG. */
async function frameOf(video: string): Promise<Buffer> {
  const args = ['-v', 'error', '-i', video, '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', '-'];
  const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2 });
  return stdout;
}
