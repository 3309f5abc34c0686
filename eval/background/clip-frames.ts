import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FFMPEG_DEFAULTS } from '../../src/capture/ffmpeg/ffmpeg-settings.js';
import { frameFilters } from '../../src/capture/ffmpeg/ffmpeg-args.js';
import { FfmpegWords } from '../../src/capture/ffmpeg/ffmpeg-words.js';
import { FrameAssembler } from '../../src/capture/decoding/frame-assembler.js';
import type { CapturedFrames } from '../../src/capture/frame-source.js';

/** Reads a video file as a capture would take it from a camera: the same pairs, the same filters, no network. */
export async function clipFrames(
  file: string,
  seconds: number,
  pairs = FFMPEG_DEFAULTS.pairs,
): Promise<CapturedFrames> {
  const { maxHeight } = FFMPEG_DEFAULTS;
  const ffmpeg = spawn('ffmpeg', args(file, seconds, frameFilters(seconds, { pairs, maxHeight })), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let assembler: FrameAssembler | undefined;
  const words = new FfmpegWords(() => {
    const { width, height } = words.frames[0]!;
    if (assembler !== undefined) return;
    assembler = new FrameAssembler((width * height * 3) / 2, 2 * pairs);
    ffmpeg.stdout.on('data', (bytes: Buffer) => assembler?.push(bytes));
  });
  ffmpeg.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  await once(ffmpeg, 'close');
  if (assembler === undefined) throw new Error(`ffmpeg read no frame of ${file}: ${words.lastWords}`);
  return captured(words, assembler.frames, seconds);
}

function args(file: string, seconds: number, filters: string): string[] {
  const output = '-an -sn -dn -fps_mode passthrough -pix_fmt yuv420p -f rawvideo pipe:1'.split(' ');
  const input = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', '-t', String(seconds), '-i', file];
  return [...input, '-vf', filters, ...output];
}

function captured(words: FfmpegWords, frames: readonly Uint8Array[], seconds: number): CapturedFrames {
  const { frames: seen, stream } = words;
  const { width, height, time } = seen[0]!;
  const isHd = stream.colorSpace === 'unknown' && height >= 720;
  return {
    width,
    height,
    frames,
    timesSeconds: seen.map((frame) => frame.time - time),
    groups: seen.map(({ group }) => group),
    look: lookAt(words, seconds, frames.length),
    sourceFps: stream.fps,
    colorMatrix: stream.colorSpace === 'bt709' || isHd ? 'bt709' : 'bt601',
    fullRange: stream.colorRange === 'pc',
  };
}

/** A clip is taken to be as long as what is watched of it. */
function lookAt({ source }: FfmpegWords, seconds: number, framesTaken: number): CapturedFrames['look'] {
  return {
    askedSeconds: seconds,
    watchedSeconds: seconds,
    endedByItself: false,
    reconnects: 0,
    framesTaken,
    framesDamaged: 0,
    showsDamaged: false,
    source: source!,
  };
}
