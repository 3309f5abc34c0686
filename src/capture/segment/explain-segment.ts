import type { JobError } from '../../job/errors.js';
import type { ChildEnd } from '../ffmpeg/child-process.js';
import { saysDiskFull } from '../ffmpeg/disk-full.js';
import { segmentError, type SegmentFailure } from './segment-errors.js';

/** Of the shell that starts ffmpeg: not executable, not found. */
const NOT_STARTED = [126, 127];

/** What ffmpeg says, from the particular to the general: the first match counts. Wordings are those of ffmpeg 5 to 8. */
const WORDS: readonly (readonly [RegExp, SegmentFailure])[] = [
  [/Unknown encoder/i, 'FFMPEG_WITHOUT_H264'],
  [/Protocol '.*' not|not on whitelist '(?:file|http)/i, 'URL_NOT_ALLOWED'],
  [/Picture size \d+x\d+ (is invalid|exceeds)/i, 'SEGMENT_PICTURE_TOO_LARGE'],
  [/does not contain any stream|matches no streams/i, 'SEGMENT_NO_VIDEO'],
  [/Permission denied/i, 'SEGMENT_FORBIDDEN'],
  [/No such file/i, 'SEGMENT_MISSING'],
  [/ends prematurely/i, 'SEGMENT_CUT'],
  [/timed out|ETIMEDOUT/i, 'SEGMENT_TIMEOUT'],
  [/refused|unreachable|No route|resolve hostname|reset by peer/i, 'SEGMENT_UNREACHABLE'],
  [/Cannot allocate memory|Killed|Segmentation/i, 'FFMPEG_FAILED'],
];

/** Names the reason why ffmpeg could not make anything of a video, by how it ended and its last words, redacted. */
export function explainSegment({ exitCode, spawnError }: ChildEnd, lastWords: string): JobError {
  return segmentError(failureOf(exitCode, spawnError, lastWords), complaintIn(lastWords));
}

function failureOf(exitCode: number | null, spawnError: Error | null, lastWords: string): SegmentFailure {
  if (spawnError !== null || NOT_STARTED.includes(exitCode ?? 0)) return 'FFMPEG_MISSING';
  if (saysDiskFull(lastWords)) return 'SEGMENT_NO_ROOM';
  const named = WORDS.find(([words]) => words.test(lastWords))?.[1];
  // Ended by a signal: not ours, so the kernel's, for want of memory or time.
  return named ?? (exitCode === null ? 'FFMPEG_FAILED' : 'SEGMENT_UNREADABLE');
}

/** Paths of this machine say nothing to whoever reads a dead letter. */
const PATH = /file:\S+/g;
const OUR_OWN = 'At least one output file';

function complaintIn(lastWords: string): string {
  const isComplaint = (line: string): boolean => /\[(error|fatal|panic)\]/.test(line) && !line.includes(OUR_OWN);
  const complaint = lastWords.split('\n').find(isComplaint);
  if (complaint === undefined) return '';
  return `ffmpeg: ${complaint
    .replace(/ @ 0x[0-9a-f]+/g, '')
    .replace(PATH, 'the file')
    .slice(0, 300)}`;
}
