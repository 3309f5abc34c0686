import { describe, expect, it } from '@jest/globals';
import { DoubtfulStepError, StoppingError, type JobError, type RateLimitedError } from '../../job/errors.js';
import { captureError, type CaptureFailure } from './capture-errors.js';
import { explain } from './explain.js';
import type { ProxyReport } from '../proxy/proxy-report.js';

const NOTHING: ProxyReport = {
  requests: 1,
  bytes: 0,
  statuses: {},
  lastErrorStatus: null,
  retryAfterSeconds: null,
  refusals: [],
  failures: [],
  unanswered: 0,
  playlists: 0,
  unchangedReloads: 0,
  hasSampleEncryption: false,
  exceeded: null,
};

function failure(code: string, isTls = false): Pick<ProxyReport, 'failures'> {
  return { failures: [{ host: 'cam.example', code, isTls }] };
}

/** The words of ffmpeg, what the proxy saw, and what that makes. */
const TABLE: readonly (readonly [CaptureFailure, Partial<ProxyReport>, string])[] = [
  [
    'HLS_FORBIDDEN',
    { refusals: [{ code: 'URL_NOT_ALLOWED', host: '10.0.0.1', reason: 'is private' }] },
    'permanent URL_NOT_ALLOWED',
  ],
  ['HLS_UNREACHABLE', { lastErrorStatus: 410 }, 'doubtful HLS_GONE'],
  ['HLS_UNREACHABLE', { lastErrorStatus: 502 }, 'transient HLS_SERVER_ERROR'],
  ['HLS_SERVER_ERROR', failure('ECONNREFUSED'), 'transient HLS_UNREACHABLE'],
  ['HLS_SERVER_ERROR', failure('ENOTFOUND'), 'transient HLS_UNREACHABLE'],
  ['HLS_SERVER_ERROR', failure('ETIMEDOUT'), 'transient HLS_TIMEOUT'],
  ['HLS_SERVER_ERROR', failure('CERT_HAS_EXPIRED', true), 'permanent HLS_TLS'],
  ['HLS_UNREACHABLE', { unanswered: 1 }, 'transient HLS_TIMEOUT'],
  ['HLS_UNREACHABLE', { statuses: { 200: 1 } }, 'doubtful HLS_NOT_A_PLAYLIST'],
  ['HLS_TIMEOUT', {}, 'transient HLS_TIMEOUT'],
  ['HLS_NOT_A_PLAYLIST', { playlists: 1, lastErrorStatus: 404 }, 'transient HLS_SEGMENTS_MISSING'],
  ['HLS_NOT_A_PLAYLIST', { playlists: 1, statuses: { 200: 4 } }, 'permanent HLS_NO_VIDEO'],
  ['HLS_SEGMENTS_MISSING', { playlists: 1, ...failure('DEPTH_ZERO_SELF_SIGNED_CERT', true) }, 'permanent HLS_TLS'],
  ['HLS_NOT_FOUND', { playlists: 1, lastErrorStatus: 404 }, 'doubtful HLS_NOT_FOUND'],
  ['HLS_ENCRYPTED', { playlists: 1, lastErrorStatus: 403 }, 'permanent HLS_ENCRYPTED'],
  ['HLS_ENCRYPTED', { playlists: 1, lastErrorStatus: 503 }, 'transient HLS_SEGMENTS_MISSING'],
  ['HLS_TOO_FEW_FRAMES', { playlists: 6, unchangedReloads: 5 }, 'transient HLS_FROZEN'],
  ['HLS_TOO_FEW_FRAMES', { playlists: 1, hasSampleEncryption: true }, 'permanent HLS_ENCRYPTED'],
  ['HLS_TOO_FEW_FRAMES', { playlists: 1, exceeded: 'maxBytes' }, 'permanent HLS_LIMIT_EXCEEDED'],
  ['FFMPEG_MISSING', { lastErrorStatus: 404 }, 'transient FFMPEG_MISSING'],
];

describe('explain', () => {
  it.each(TABLE)('%s with %j is %s', (said, saw, expected) => {
    const error = explain(captureError(said), { ...NOTHING, ...saw }) as JobError;
    expect(`${error instanceof DoubtfulStepError ? 'doubtful' : error.kind} ${error.code}`).toBe(expected);
    expect(error.step).toBe('capture');
  });

  it('turns 429 into patience, within limits', () => {
    const wait = (seconds: number | null): number => {
      const saw = { ...NOTHING, lastErrorStatus: 429, retryAfterSeconds: seconds };
      return (explain(captureError('HLS_SERVER_ERROR'), saw) as RateLimitedError).retryAfterMs;
    };
    expect([wait(7), wait(null), wait(0), wait(999_999)]).toEqual([7_000, 30_000, 1_000, 300_000]);
  });

  it('leaves aborts and bugs alone', () => {
    for (const error of [new StoppingError(), new TypeError('bug'), 'text']) {
      expect(explain(error, { ...NOTHING, lastErrorStatus: 404 })).toBe(error);
    }
  });

  it('keeps what ffmpeg said as the cause', () => {
    const said = captureError('HLS_UNREACHABLE', 'words');
    expect((explain(said, { ...NOTHING, lastErrorStatus: 404 }) as Error).cause).toBe(said);
  });
});
