import type { JobError } from '../../job/errors.js';
import { captureError, failureOfStatus, type CaptureFailure } from './capture-errors.js';

/** What is known about a capture that gave too few frames. */
export interface CaptureEvidence {
  readonly frameCount: number;
  readonly exitCode: number | null;
  readonly spawnError: Error | null;
  /** The wall-clock deadline ended it. */
  readonly ranOutOfTime: boolean;
  /** The picture changed its size while it was watched. */
  readonly changedSize: boolean;
  /** The end of ffmpeg's stderr, redacted. */
  readonly lastWords: string;
}

/** Of the shell that starts ffmpeg: not executable, not found. */
const NOT_STARTED = [126, 127];

/**
 * What ffmpeg says, from the particular to the general: the first match counts. Wordings are those of ffmpeg 5 to 8.
 */
const WORDS: readonly (readonly [RegExp, CaptureFailure])[] = [
  [/Format not on whitelist/i, 'HLS_WRONG_FORMAT'],
  [/not on whitelist|Protocol '.*' not/i, 'URL_NOT_ALLOWED'],
  [/certificate (verif|failed)|failed verification|owner does not match|certificate verify/i, 'HLS_TLS'],
  [/Unable to open key file|Unable to read key file|SAMPLE-AES/i, 'HLS_ENCRYPTED'],
  [/Picture size \d+x\d+ (is invalid|exceeds)/i, 'HLS_TOO_LARGE'],
  [/Failed to open segment|keepalive request failed for .*\.(ts|m4s|mp4)/i, 'HLS_SEGMENTS_MISSING'],
  [/timed out|ETIMEDOUT/i, 'HLS_TIMEOUT'],
  [
    /refused|unreachable|No route|Name or service|resolve hostname|reset by peer|Input\/output error/i,
    'HLS_UNREACHABLE',
  ],
  [/does not contain any stream|matches no streams|Could not find codec parameters/i, 'HLS_NO_VIDEO'],
  [/Invalid data found|Empty segment|End of file/i, 'HLS_NOT_A_PLAYLIST'],
  [/Cannot allocate memory|Killed|Segmentation/i, 'FFMPEG_FAILED'],
];

/**
 * Names the reason of a failed capture by what ffmpeg left behind. `explain` knows better when the proxy saw more.
 */
export function classify(evidence: CaptureEvidence): JobError {
  return captureError(failureOf(evidence), detailOf(evidence));
}

/** The code of the reason. */
export function failureOf(evidence: CaptureEvidence): CaptureFailure {
  const { lastWords, exitCode } = evidence;
  if (evidence.spawnError !== null || NOT_STARTED.includes(exitCode ?? 0)) return 'FFMPEG_MISSING';
  if (evidence.changedSize) return 'HLS_SIZE_CHANGED';
  if (evidence.frameCount > 0) return evidence.ranOutOfTime ? 'HLS_TIMEOUT' : 'HLS_TOO_FEW_FRAMES';
  const status = statusOfInput(lastWords);
  if (status !== null) return failureOfStatus(status) ?? 'HLS_TOO_FEW_FRAMES';
  const named = WORDS.find(([words]) => words.test(lastWords))?.[1];
  return named ?? (evidence.ranOutOfTime ? 'HLS_TIMEOUT' : 'HLS_TOO_FEW_FRAMES');
}

/**
 * The status that kept the playlist itself from opening: ffmpeg then ends with "Server returned …". Statuses of segments
 * are only warnings and do not count here.
 */
function statusOfInput(words: string): number | null {
  if (!/Server returned \S+/.test(words)) return null;
  const status = [...words.matchAll(/HTTP error (\d{3})/g)].at(-1)?.[1];
  return status === undefined ? null : Number(status);
}

/** The last thing ffmpeg complained about, for the operator; undefined when it did not. */
export function complaintIn(words: string): string | undefined {
  const complaint = words.split('\n').findLast((line) => /\[(warning|error|fatal|panic)\]/.test(line));
  return complaint?.replace(/ @ 0x[0-9a-f]+/g, '').slice(0, 300);
}

function detailOf({ lastWords, frameCount }: CaptureEvidence): string {
  const complaint = complaintIn(lastWords);
  return [`${frameCount} frames came`, ...(complaint === undefined ? [] : [`ffmpeg: ${complaint}`])].join('; ');
}
