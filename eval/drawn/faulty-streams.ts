import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const HLS = '-f hls -hls_time 2 -hls_playlist_type vod -hls_segment_filename'.split(' ');
const X264 = '-t 24 -an -c:v libx264 -preset medium -pix_fmt yuv420p -g 50'.split(' ');

/** A clock, which runs on while the picture stands: `testsrc` draws one without needing a font. */
const CLOCK = 'testsrc=size=120x80:rate=25[clock];[0:v][clock]overlay=20:20';

/** Bytes of a packet of MPEG-TS, and the PID of the video. */
const PACKET = 188;
const VIDEO_PID = 256;

/** How a stream is spoilt: writes `clip.m3u8` and its segments to `to`, made of the clip in `from`. */
type Spoil = (from: string, to: string) => Promise<void>;

/** What may be wrong with a stream that a drawn clip is sent as, by name. */
export const FAULTY_STREAMS: ReadonlyMap<string, Spoil> = new Map([
  ['a picture that stands still', still('-crf 23')],
  ['a picture that stands still, at crf 35', still('-crf 35')],
  ['a picture that stands still, at 500 kb/s', still('-b:v 500k')],
  ['a slate', slate],
  ['packets lost all over the stream', loseTo(() => true)],
  ['packets lost in every second segment', loseTo((segment) => segment % 2 === 1)],
]);

/** Makes a faulty stream below `cache` unless it is there, and gives its folder. */
export async function spoiltClip(cache: string, clip: string, name: string): Promise<string> {
  const folder = `${clip}-${name.replace(/\W+/g, '-')}`;
  if (existsSync(folder)) return folder;
  const draft = join(cache, `spoilt.${process.pid}`);
  await mkdir(draft, { recursive: true });
  await FAULTY_STREAMS.get(name)!(clip, draft);
  await rename(draft, folder);
  return folder;
}

function still(rate: string): Spoil {
  return async (from, to) => {
    const picture = join(to, 'still.png');
    await ffmpeg(['-ss', '5', '-i', join(from, 'clip.m3u8'), '-frames:v', '1', picture]);
    const input = ['-loop', '1', '-framerate', '25', '-i', picture, '-filter_complex', CLOCK];
    await ffmpeg([...input, ...X264, ...rate.split(' '), ...HLS, join(to, '%03d.ts'), join(to, 'clip.m3u8')]);
  };
}

async function slate(_from: string, to: string): Promise<void> {
  const picture = 'color=c=0x1040a0:s=1280x720:r=25,drawbox=x=400:y=300:w=480:h=40:color=white:t=fill';
  await ffmpeg(['-f', 'lavfi', '-i', picture, ...X264, ...HLS, join(to, '%03d.ts'), join(to, 'clip.m3u8')]);
}

/** Overwrites half of every seventh packet of video. */
function loseTo(isHit: (segment: number) => boolean): Spoil {
  return async (from, to) => {
    await cp(join(from, 'clip.m3u8'), join(to, 'clip.m3u8'));
    const names = (await readdir(from)).filter((name) => name.endsWith('.ts')).sort();
    for (const [segment, name] of names.entries()) {
      const bytes = await readFile(join(from, name));
      if (isHit(segment)) losePackets(bytes);
      await writeFile(join(to, name), bytes);
    }
  };
}

function losePackets(bytes: Buffer): void {
  for (let at = 8 * PACKET; at + PACKET <= bytes.length; at += 7 * PACKET) {
    const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
    if (pid === VIDEO_PID) bytes.fill(0xa5, at + PACKET / 2, at + PACKET);
  }
}

async function ffmpeg(args: readonly string[]): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
}
