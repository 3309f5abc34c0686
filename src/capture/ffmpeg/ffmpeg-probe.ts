import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TransientStepError } from '../../job/errors.js';
import type { FfmpegBuild } from './ffmpeg-settings.js';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/** The oldest release that is tried. */
const OLDEST_MAJOR = 5;

/**
 * Finds ffmpeg and asks it what it can do; once at start, and by health checks.
 * @param path a name on the PATH or a file
 * @throws TransientStepError FFMPEG_MISSING (not found or not runnable), FFMPEG_TOO_OLD, FFMPEG_WITHOUT_HLS
 */
export async function probeFfmpeg(path: string): Promise<FfmpegBuild> {
  try {
    const absolute = (await run('/bin/sh', ['-c', 'command -v "$0"', path], { timeout: TIMEOUT_MS })).stdout.trim();
    const [version, help] = await Promise.all([
      run(absolute, ['-version'], { timeout: TIMEOUT_MS }),
      run(absolute, ['-hide_banner', '-h', 'demuxer=hls'], { timeout: TIMEOUT_MS }),
    ]);
    return checked({ path: absolute, ...parseVersion(version.stdout), hlsOptions: parseHlsOptions(help.stdout) });
  } catch (error) {
    if (error instanceof TransientStepError) throw error;
    throw new TransientStepError('FFMPEG_MISSING', `No ffmpeg runs as "${path}": install it or set FFMPEG_PATH.`, {
      cause: error,
    });
  }
}

function checked(build: FfmpegBuild): FfmpegBuild {
  if (build.majorVersion !== null && build.majorVersion < OLDEST_MAJOR) {
    const advice = `ffmpeg ${build.version} is too old: install ${OLDEST_MAJOR}.0 or later.`;
    throw new TransientStepError('FFMPEG_TOO_OLD', advice);
  }
  if (build.hlsOptions.length === 0) {
    throw new TransientStepError(
      'FFMPEG_WITHOUT_HLS',
      `ffmpeg at ${build.path} cannot read HLS: install a full build.`,
    );
  }
  return build;
}

/** Reads the first line of `ffmpeg -version`. A build named after a commit is taken for a new one. */
export function parseVersion(output: string): Pick<FfmpegBuild, 'version' | 'majorVersion' | 'hasFpsMode'> {
  const version = /^ffmpeg version (\S+)/.exec(output)?.[1] ?? 'unknown';
  const numbers = /^n?(\d+)\.(\d+)/.exec(version);
  if (numbers === null) return { version, majorVersion: null, hasFpsMode: true };
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  return { version, majorVersion: major, hasFpsMode: major > 5 || (major === 5 && minor >= 1) };
}

/** Reads the option names out of `ffmpeg -h demuxer=hls`. */
export function parseHlsOptions(output: string): string[] {
  return [...output.matchAll(/^\s+-(\w+)\s+</gm)].map((match) => match[1] ?? '');
}
