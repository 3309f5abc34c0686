import { describe, expect, it } from '@jest/globals';
import { DoubtfulStepError } from '../../job/errors.js';
import { classify, type CaptureEvidence } from './classify.js';

const NOTHING: CaptureEvidence = {
  frameCount: 0,
  exitCode: 1,
  spawnError: null,
  ranOutOfTime: false,
  changedSize: false,
  lastWords: '',
};

/** What ffmpeg said, and what it means. */
const TABLE: readonly (readonly [string, string])[] = [
  ['[warning] HTTP error 400 Bad Request\n[error] x: Server returned 400 Bad Request', 'doubtful HLS_BAD_REQUEST'],
  ['[warning] HTTP error 401 Unauthorized\n[error] x: Server returned 401', 'doubtful HLS_FORBIDDEN'],
  ['[warning] HTTP error 403 Forbidden\n[error] x: Server returned 403 Forbidden', 'doubtful HLS_FORBIDDEN'],
  ['[warning] HTTP error 404 Not Found\n[error] x: Server returned 404 Not Found', 'doubtful HLS_NOT_FOUND'],
  ['[warning] HTTP error 410 Gone\n[error] x: Server returned 4XX Client Error', 'doubtful HLS_GONE'],
  ['[warning] HTTP error 429 Slow\n[error] x: Server returned 4XX Client Error', 'transient HLS_SERVER_ERROR'],
  ['[warning] HTTP error 503 Busy\n[error] x: Server returned 5XX Server Error', 'transient HLS_SERVER_ERROR'],
  ["[error] Protocol 'file' not on whitelist 'http,https'!", 'permanent URL_NOT_ALLOWED'],
  ['[tls] Peer certificate failed verification\n[error] x: Input/output error', 'permanent HLS_TLS'],
  ['[error] x: Connection timed out', 'transient HLS_TIMEOUT'],
  ['[error] x: Connection refused', 'transient HLS_UNREACHABLE'],
  ['[error] Failed to resolve hostname cam.example: Name or service not known', 'transient HLS_UNREACHABLE'],
  ['[error] x: Invalid data found when processing input', 'doubtful HLS_NOT_A_PLAYLIST'],
  ['[error] Output file #0 does not contain any stream', 'permanent HLS_NO_VIDEO'],
  ['[error] Picture size 7680x4320 exceeds specified max pixel count 9437184', 'permanent HLS_TOO_LARGE'],
  ['[warning] Unable to open key file http://x/k\n[error] Invalid data found', 'permanent HLS_ENCRYPTED'],
  [
    '[warning] HTTP error 404 Not Found\n[warning] Failed to open segment 1 of playlist 0\n[error] Invalid data found',
    'transient HLS_SEGMENTS_MISSING',
  ],
  ['', 'transient HLS_TOO_FEW_FRAMES'],
];

function outcome(evidence: Partial<CaptureEvidence>): string {
  const error = classify({ ...NOTHING, ...evidence });
  return `${error instanceof DoubtfulStepError ? 'doubtful' : error.kind} ${error.code}`;
}

describe('classify', () => {
  it.each(TABLE)('takes "%s" for %s', (lastWords, expected) => {
    expect(outcome({ lastWords })).toBe(expected);
  });

  it('knows a child that could not be started', () => {
    expect(outcome({ exitCode: 127 })).toBe('transient FFMPEG_MISSING');
    expect(outcome({ spawnError: new Error('ENOENT') })).toBe('transient FFMPEG_MISSING');
  });

  it('knows a deadline', () => {
    expect(outcome({ ranOutOfTime: true })).toBe('transient HLS_TIMEOUT');
    expect(outcome({ ranOutOfTime: true, frameCount: 3 })).toBe('transient HLS_TIMEOUT');
  });

  it('does not take the words about a stream that gave frames for the reason', () => {
    const lastWords = '[warning] HTTP error 404 Not Found\n[error] x: Server returned 404 Not Found';
    expect(outcome({ frameCount: 3, lastWords })).toBe('transient HLS_TOO_FEW_FRAMES');
  });

  it('knows a picture that changed its size too early', () => {
    expect(outcome({ frameCount: 2, changedSize: true })).toBe('transient HLS_SIZE_CHANGED');
  });

  it('quotes the last complaint, without addresses in memory', () => {
    const lastWords = '[hls @ 0x55aa] [warning] first\n[http @ 0x55ab] [warning] second\nPress q';
    expect(classify({ ...NOTHING, lastWords }).message).toContain('ffmpeg: [http] [warning] second');
  });
});
