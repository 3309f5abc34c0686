import { RateLimitedError, type JobError } from '../../job/errors.js';
import { failureError, patienceSeconds, type Failure } from './failure.js';

/** The step's name in every error of this folder. */
export const CAPTURE_STEP = 'capture';

/** Every way a capture can fail: whether trying again may help, and what the operator should do. */
const FAILURES = {
  URL_NOT_ALLOWED: [
    'permanent',
    'The URL leads to an address this worker may not reach; allow it with OUTBOUND_ALLOW.',
  ],
  HLS_NOT_FOUND: ['doubtful', 'The camera has no such stream (404); correct the URL.'],
  HLS_GONE: ['doubtful', 'The stream was taken down for good (410); correct the URL.'],
  HLS_FORBIDDEN: ['doubtful', 'The camera refuses access (401 or 403); renew the credentials or the token in the URL.'],
  HLS_BAD_REQUEST: ['doubtful', 'The camera does not understand the request; correct the URL.'],
  HLS_NOT_A_PLAYLIST: ['doubtful', 'The URL gives something that is not an HLS playlist; correct the URL.'],
  HLS_NO_VIDEO: ['permanent', 'The stream has no video that can be decoded; check the camera.'],
  HLS_ENCRYPTED: ['permanent', 'The stream is encrypted in a way that cannot be read (DRM, or a key that is refused).'],
  HLS_TOO_LARGE: ['permanent', 'The pictures are larger than this worker decodes; choose a smaller variant.'],
  HLS_LIMIT_EXCEEDED: [
    'permanent',
    'The stream used up the bytes or requests of one capture; check what the URL serves.',
  ],
  HLS_PLAYLIST_TOO_LARGE: [
    'permanent',
    'A playlist is larger than 4 MB; have the server list fewer segments, or give the URL of the live stream.',
  ],
  HLS_PLAYLIST_UNSAFE: [
    'permanent',
    'A playlist uses a protocol that no camera needs (tcp, tls, httpproxy, crypto); check where the URL comes from.',
  ],
  HLS_REDIRECT_UNSAFE: ['permanent', 'The server redirects to something other than http or https; correct the URL.'],
  HLS_ENCODING: [
    'permanent',
    'An answer has a Content-Encoding that cannot be decoded (gzip, deflate and br can, once); correct the server.',
  ],
  HLS_UNPACKS_TOO_LARGE: [
    'permanent',
    'A compressed answer is far too large once decompressed; check where the URL comes from, or have the server send it uncompressed.',
  ],
  HLS_WRONG_FORMAT: [
    'permanent',
    'The playlist leads to something other than HLS video (MPEG-TS or MP4), such as a picture; correct the URL.',
  ],
  HLS_TLS: ['permanent', 'The certificate of the server cannot be trusted; have it renewed, or add its authority.'],
  HLS_FROZEN: ['transient', 'The live playlist no longer gets new segments; check the camera.'],
  HLS_TIMEOUT: ['transient', 'The camera did not answer in time; check the camera and the network.'],
  HLS_UNREACHABLE: ['transient', 'The camera cannot be reached; check its name, address and network.'],
  HLS_SERVER_ERROR: ['transient', 'The server in front of the camera failed (5xx); check that server.'],
  HLS_SEGMENTS_MISSING: [
    'transient',
    'The playlist can be read but its segments cannot; check the server in front of the camera.',
  ],
  HLS_SIZE_CHANGED: [
    'transient',
    'The picture changed its size right after the start; check the encoder of the camera.',
  ],
  HLS_TOO_FEW_FRAMES: ['transient', 'The stream gave too few frames; check the camera.'],
  HLS_SHORT_LOOK: [
    'transient',
    'The stream broke off before half of the time was watched; check the server in front of the camera.',
  ],
  HLS_DAMAGED: ['transient', 'Nearly all frames are damaged; look for packet loss between the camera and its server.'],
  HLS_ENDED: ['transient', 'The stream ended or broke off; check the camera.'],
  DISK_FULL: [
    'transient',
    'The disk is full: no recording can be written; free some space, or keep recordings shorter.',
  ],
  FFMPEG_MISSING: ['transient', 'ffmpeg could not be started on this worker; run `roadstream doctor`.'],
  FFMPEG_FAILED: ['transient', 'ffmpeg failed on this stream; run `roadstream doctor` if other cameras fail too.'],
} as const satisfies Record<string, Failure>;

export type CaptureFailure = keyof typeof FAILURES;

/**
 * The error for a failure.
 * @param detail what was seen, without secrets; it follows the sentence
 */
export function captureError(code: CaptureFailure, detail = '', cause?: unknown): JobError {
  const context = { step: CAPTURE_STEP, ...(cause === undefined ? {} : { cause }) };
  return failureError(code, FAILURES[code], detail, context);
}

/** The error for a server that rate-limits us (HTTP 429). No attempt is spent until the job is old. */
export function rateLimited(retryAfterSeconds: number | null, cause: unknown): RateLimitedError {
  const seconds = patienceSeconds(retryAfterSeconds);
  const message = `The camera rate-limits us (HTTP 429); retrying in ${seconds} s. No attempt is used.`;
  return new RateLimitedError('HLS_RATE_LIMITED', message, seconds * 1000, {
    ...{ step: CAPTURE_STEP, cause },
    isBounded: true,
  });
}

/** Whether a failure is one that time does not mend, as far as that can be told at first sight. */
export function looksFinal(code: CaptureFailure): boolean {
  return FAILURES[code][0] !== 'transient';
}

/** What an HTTP status says about a playlist; null for success. */
export function failureOfStatus(status: number): CaptureFailure | null {
  if (status < 400) return null;
  const known: Record<number, CaptureFailure> = {
    401: 'HLS_FORBIDDEN',
    403: 'HLS_FORBIDDEN',
    404: 'HLS_NOT_FOUND',
    410: 'HLS_GONE',
    408: 'HLS_TIMEOUT',
    425: 'HLS_SERVER_ERROR',
    429: 'HLS_SERVER_ERROR',
  };
  return known[status] ?? (status < 500 ? 'HLS_BAD_REQUEST' : 'HLS_SERVER_ERROR');
}
