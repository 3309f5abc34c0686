import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One clip to make: how, and of what. */
interface Recipe {
  readonly source: string;
  readonly args: readonly string[];
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25'];
const HLS = ['-f', 'hls', '-hls_list_size', '0', '-hls_time', '1'];

function pattern(size: string, seconds: number, rate = 25): string {
  return `testsrc=size=${size}:rate=${rate}:duration=${seconds}`;
}

/** A scene as a camera shows it: with the noise of a sensor, without which it would pass for a drawn picture. */
function scene(size: string, seconds: number): string {
  return `${pattern(size, seconds)},${NOISE}`;
}

const NOISE = 'noise=alls=4:allf=t';

/** One picture with much in it, for ever. */
const STILL = still('640x360');
const X264 = ['-t', '6', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p', '-g', '50'];

/** As frugal cameras encode: of what is still, hardly a block comes back to the last bit. */
const COARSE = ['-t', '10', '-c:v', 'libx264', '-preset', 'medium', '-crf', '35', '-pix_fmt', 'yuv420p', '-g', '50'];

function still(size: string): string {
  return `testsrc2=size=${size}:rate=25,select='eq(n,0)',noise=alls=24,loop=loop=-1:size=1,setpts=N/25/TB`;
}

/** Every clip becomes a folder `name/` with `index.m3u8`. Small, since they only have to be told apart. */
const RECIPES: Record<string, Recipe> = {
  vod: { source: scene('320x180', 12), args: [...H264, ...HLS] },
  day: { source: pattern('320x180', 600, 10), args: [...H264, '-g', '10', ...HLS] },
  low: { source: pattern('160x90', 6), args: [...H264, ...HLS] },
  high: { source: pattern('640x360', 6), args: [...H264, ...HLS] },
  odd: { source: pattern('322x182', 2), args: [...H264, ...HLS] },
  slow: { source: pattern('320x180', 20, 1), args: [...H264, ...HLS] },
  short: { source: pattern('320x180', 0.12), args: [...H264, ...HLS] },
  huge: { source: pattern('7680x4320', 2, 4), args: [...H264, ...HLS] },
  hd709: { source: pattern('1280x720', 2), args: [...H264, '-colorspace', 'bt709', ...HLS] },
  full: { source: pattern('320x180', 2), args: [...H264, '-pix_fmt', 'yuvj420p', ...HLS] },
  fmp4: { source: pattern('320x180', 4), args: [...H264, ...HLS, '-hls_segment_type', 'fmp4'] },
  hevc: {
    source: pattern('320x180', 4),
    args: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-tag:v',
      'hvc1',
      '-g',
      '25',
      ...HLS,
      '-hls_segment_type',
      'fmp4',
    ],
  },
  still: { source: STILL, args: [...X264, ...HLS] },
  'still-clock': {
    source: `${STILL}[still];testsrc=size=80x60:rate=25[clock];[still][clock]overlay`,
    args: [...X264, ...HLS],
  },
  'still-coarse': {
    source: `${still('1280x720')}[still];testsrc=size=160x120:rate=25[clock];[still][clock]overlay`,
    args: [...COARSE, ...HLS],
  },
  'quiet-coarse': { source: `${still('1280x720')},noise=alls=3:allf=t`, args: [...COARSE, ...HLS] },
  slate: {
    source: 'color=c=0x1040a0:s=640x360:r=25,drawbox=x=200:y=150:w=240:h=20:color=white:t=fill',
    args: [...X264, ...HLS],
  },
  bars: { source: 'smptehdbars=s=640x360:r=25', args: [...X264, ...HLS] },
  'quiet-day': { source: `${STILL},noise=alls=3:allf=t`, args: [...X264, '-crf', '30', ...HLS] },
  'quiet-night': {
    source: `${STILL},lutyuv=y='16+(val-16)*0.2',noise=alls=2:allf=t`,
    args: [...X264, '-crf', '32', ...HLS],
  },
  // Bodies pass on 12.5 pictures a second, each sent twice.
  doubled: {
    source: `color=c=gray:s=320x180:r=12.5:d=6,noise=alls=12:allf=t[road];color=c=white:s=60x40:r=12.5[car];[road][car]overlay=x='mod(t*220,440)-60':y=70,fps=25`,
    args: ['-t', '6', ...H264, ...HLS],
  },
  // Pixels of PAL wide screen: 352 are as wide as 512 square ones.
  wide: { source: `${scene('352x288', 3)},setsar=16/11`, args: [...H264, ...HLS] },
  audio: { source: 'sine=duration=4', args: ['-c:a', 'aac', ...HLS] },
  oneFile: { source: pattern('320x180', 6), args: [...H264, ...HLS, '-hls_flags', 'single_file'] },
  soundFirst: {
    source: 'sine=duration=6',
    args: ['-f', 'lavfi', '-i', pattern('320x180', 6), '-map', '0:a', '-map', '1:v', ...H264, '-c:a', 'aac', ...HLS],
  },
};

/** Clips on disk, in a temporary folder of their own. */
export class HlsMedia {
  private constructor(readonly folder: string) {}

  /** Makes the clips named. */
  static async make(names: readonly string[]): Promise<HlsMedia> {
    const media = new HlsMedia(await mkdtemp(join(tmpdir(), 'hls-media-')));
    for (const name of names) await media.makeClip(name);
    return media;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async makeClip(name: string): Promise<void> {
    const folder = join(this.folder, name);
    await mkdir(folder);
    const recipe = name === 'aes' ? RECIPES.vod : RECIPES[name];
    if (recipe === undefined) throw new Error(`no clip is called ${name}`);
    const encryption = name === 'aes' ? await makeKey(folder) : [];
    const args = ['-v', 'error', '-f', 'lavfi', '-i', recipe.source, ...recipe.args, ...encryption, 'index.m3u8'];
    await run('ffmpeg', args, { cwd: folder });
  }
}

/** The playlist names the key by a relative URL. */
async function makeKey(folder: string): Promise<string[]> {
  await writeFile(join(folder, 'clip.key'), randomBytes(16));
  await writeFile(join(folder, 'key.info'), 'clip.key\nclip.key\n');
  return ['-hls_key_info_file', 'key.info'];
}
