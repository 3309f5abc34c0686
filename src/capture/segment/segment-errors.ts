import { RateLimitedError, type JobError } from '../../job/errors.js';
import { failureError, patienceSeconds, type Failure } from '../ending/failure.js';
import type { ProxyReport, Refusal } from '../proxy/proxy-report.js';

/** Every way a recorded video can fail to be read: whether trying again may help, and what the operator should do. */
const FAILURES = {
  URL_NOT_ALLOWED: [
    'permanent',
    'The video lies at an address this worker may not reach; allow it with OUTBOUND_ALLOW.',
  ],
  SEGMENT_UNREADABLE: [
    'permanent',
    'The file cannot be read as a video (MP4, Matroska or MPEG-TS), or is damaged; check the recorder.',
  ],
  SEGMENT_CONTENT_REFUSED: [
    'permanent',
    'The server sent something other than a video: a playlist, an unsafe redirect or an unknown encoding; correct the URL.',
  ],
  SEGMENT_NO_VIDEO: ['permanent', 'The file contains no video stream; check the recorder.'],
  SEGMENT_TOO_LARGE: ['permanent', 'The video is larger than SEGMENT_MAX_MB; record shorter segments, or raise it.'],
  SEGMENT_TOO_LONG: ['permanent', 'The video is longer than Gemini judges at once; record shorter segments.'],
  SEGMENT_PICTURE_TOO_LARGE: ['permanent', 'The pictures are larger than this worker decodes; record smaller ones.'],
  SEGMENT_FORBIDDEN: [
    'permanent',
    'The video may not be read; give this worker the right, or renew the token in the URL.',
  ],
  SEGMENT_GONE: ['permanent', 'The video was taken down for good (410).'],
  SEGMENT_REFUSED: ['permanent', 'The server does not understand the request for the video; correct the URL.'],
  SEGMENT_TLS: ['permanent', 'The certificate of the server cannot be trusted; have it renewed, or add its authority.'],
  SEGMENT_MISSING: ['transient', 'The video is not there (yet); check whether it was recorded, or has been deleted.'],
  SEGMENT_CUT: ['transient', 'Only part of the video could be fetched; it is fetched again.'],
  SEGMENT_UNREACHABLE: ['transient', 'The server of the video cannot be reached; check its name, address and network.'],
  SEGMENT_SERVER_ERROR: ['transient', 'The server of the video failed (5xx); it is asked again.'],
  SEGMENT_TIMEOUT: ['transient', 'Reading the video took too long; check the load of this machine and the network.'],
  SEGMENT_NO_ROOM: ['transient', 'The folder for temporary files is full; free some space there, or set TMPDIR.'],
  FFMPEG_MISSING: ['transient', 'ffmpeg could not be started on this worker; run `roadstream doctor`.'],
  FFMPEG_WITHOUT_H264: ['transient', 'ffmpeg on this worker cannot write H.264 (libx264): install a full build.'],
  FFMPEG_FAILED: ['transient', 'ffmpeg failed on this video; run `roadstream doctor` if it does on others too.'],
} as const satisfies Record<string, Failure>;

export type SegmentFailure = keyof typeof FAILURES;

/**
 * The error for a failure.
 * @param detail what was seen, without secrets; it follows the sentence
 */
export function segmentError(code: SegmentFailure, detail = '', cause?: unknown): JobError {
  return failureError(code, FAILURES[code], detail, cause === undefined ? {} : { cause });
}

/**
 * Names the reason by what the proxy saw of a video behind a URL; undefined when it saw nothing wrong. It knows which host
 * was refused, which certificate, which status.
 */
export function whatTheProxySaw(report: ProxyReport): JobError | undefined {
  const [refusal, failure] = [report.refusals[0], report.failures[0]];
  if (report.exceeded !== null) return segmentError('SEGMENT_TOO_LARGE', report.exceeded);
  if (refusal !== undefined) return segmentError(codeOf(refusal), `${refusal.host} ${refusal.reason}`);
  if (report.lastErrorStatus !== null) return ofStatus(report.lastErrorStatus, report.retryAfterSeconds);
  if (failure === undefined) return undefined;
  return segmentError(failure.isTls ? 'SEGMENT_TLS' : 'SEGMENT_UNREACHABLE', `${failure.host}: ${failure.code}`);
}

function codeOf({ code }: Refusal): SegmentFailure {
  return code === 'URL_NOT_ALLOWED' ? code : 'SEGMENT_CONTENT_REFUSED';
}

function ofStatus(status: number, retryAfterSeconds: number | null): JobError {
  if (status === 429) return rateLimited(retryAfterSeconds);
  const known: Record<number, SegmentFailure> = {
    401: 'SEGMENT_FORBIDDEN',
    403: 'SEGMENT_FORBIDDEN',
    404: 'SEGMENT_MISSING',
    408: 'SEGMENT_TIMEOUT',
    410: 'SEGMENT_GONE',
    425: 'SEGMENT_SERVER_ERROR',
  };
  const code = known[status] ?? (status < 500 ? 'SEGMENT_REFUSED' : 'SEGMENT_SERVER_ERROR');
  return segmentError(code, `HTTP ${status}`);
}

function rateLimited(retryAfterSeconds: number | null): RateLimitedError {
  const seconds = patienceSeconds(retryAfterSeconds);
  const message = `The server of the video rate-limits us (HTTP 429); retrying in ${seconds} s. No attempt is used.`;
  return new RateLimitedError('SEGMENT_RATE_LIMITED', message, seconds * 1000, { isBounded: true });
}
