import { writeFile } from 'node:fs/promises';
import { BoundedChild } from '../ffmpeg/child-process.js';
import { captureError } from '../ending/capture-errors.js';
import { complaintIn } from '../ending/classify.js';
import { saysDiskFull } from '../ffmpeg/disk-full.js';
import { endOf } from '../ffmpeg/end-of.js';
import { FFMPEG_DEFAULTS, type FfmpegBuild } from '../ffmpeg/ffmpeg-settings.js';
import { FfmpegWords } from '../ffmpeg/ffmpeg-words.js';
import { joinArgs } from './recording-args.js';

/** Hours of video take seconds; past this the disk does not answer. ms */
const LONGEST_MS = 300_000;
const CPU_SECONDS = 120;

/**
 * Joins pieces of a recording to one MP4, in their order, without decoding them.
 * @param pieces names of files in the folder of `list`: letters, digits, `.`, `_` and `-`
 * @param list where to write their list; left behind
 * @param output absolute path of the MP4; left behind in pieces when joining fails
 * @throws TransientStepError DISK_FULL, FFMPEG_FAILED; signal.reason
 */
export async function joinPieces(
  ffmpeg: FfmpegBuild,
  { pieces, list, output }: { pieces: readonly string[]; list: string; output: string },
  signal: AbortSignal,
): Promise<void> {
  await writeFile(list, pieces.map((piece) => `file ${piece}\n`).join('')).catch((error: unknown) => {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? captureError('DISK_FULL', '', error) : error;
  });
  signal.throwIfAborted();
  const limits = { cpuSeconds: CPU_SECONDS, memoryBytes: FFMPEG_DEFAULTS.memoryBytes };
  const child = new BoundedChild(ffmpeg.path, joinArgs(list, output), limits);
  const words = new FfmpegWords(() => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const { exitCode } = await endOf(child, LONGEST_MS, signal);
  const { lastWords } = words;
  if (saysDiskFull(lastWords)) throw captureError('DISK_FULL');
  if (exitCode !== 0) throw captureError('FFMPEG_FAILED', complaintIn(lastWords) ?? `exit code ${exitCode}`);
}
