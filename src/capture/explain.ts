import { JobError, PermanentStepError, TransientStepError } from '../job/errors.js';
import { CAPTURE_STEP, captureError, failureOfStatus, rateLimited, type CaptureFailure } from './capture-errors.js';
import type { ProxyReport } from './proxy-report.js';

/** ffmpeg itself gives a playlist up after five reloads; one fewer is the sign. */
const FROZEN_RELOADS = 4;

/**
 * Improves on what ffmpeg's words told, by what the proxy saw: it knows which host was refused, which certificate, which
 * status. Errors that are not about a capture, an abort above all, come back as they are.
 */
export function explain(error: unknown, report: ProxyReport): unknown {
  if (!isCaptureError(error)) return error;
  if (report.exceeded !== null) return captureError('HLS_LIMIT_EXCEEDED', report.exceeded, error);
  if (report.hasSampleEncryption) return captureError('HLS_ENCRYPTED', 'SAMPLE-AES', error);
  const refusal = report.refusals[0];
  if (refusal !== undefined) return captureError('URL_NOT_ALLOWED', `${refusal.host} ${refusal.reason}`, error);
  if (report.playlists === 0) return withoutPlaylist(error, report);
  if (report.unchangedReloads >= FROZEN_RELOADS) return captureError('HLS_FROZEN', error.message, error);
  return withPlaylist(error, report);
}

/** The camera never gave a playlist: the one thing that went wrong is the reason. */
function withoutPlaylist(error: JobError, report: ProxyReport): JobError {
  if (report.lastErrorStatus === 429) return rateLimited(report.retryAfterSeconds, error);
  const ofStatus = report.lastErrorStatus === null ? null : failureOfStatus(report.lastErrorStatus);
  if (ofStatus !== null) return captureError(ofStatus, `HTTP ${report.lastErrorStatus}`, error);
  return unreachable(error, report) ?? (sawAnswer(report) ? captureError('HLS_NOT_A_PLAYLIST', '', error) : error);
}

/** The playlist was there, so what failed are variants, keys or segments. */
function withPlaylist(error: JobError, report: ProxyReport): JobError {
  const isVague = error.code === 'HLS_SEGMENTS_MISSING' || error.code === 'HLS_NOT_A_PLAYLIST';
  if (!isVague) return error;
  const cause = report.lastErrorStatus === null ? unreachable(error, report) : null;
  if (cause !== null) return cause;
  const code: CaptureFailure = report.lastErrorStatus === null ? 'HLS_NO_VIDEO' : 'HLS_SEGMENTS_MISSING';
  return captureError(code, error.message, error);
}

function unreachable(error: JobError, report: ProxyReport): JobError | null {
  const failure = report.failures.at(-1);
  if (failure === undefined) return report.unanswered > 0 ? captureError('HLS_TIMEOUT', error.message, error) : null;
  const detail = `${failure.host}: ${failure.code}`;
  if (failure.isTls) return captureError('HLS_TLS', detail, error);
  return captureError(failure.code === 'ETIMEDOUT' ? 'HLS_TIMEOUT' : 'HLS_UNREACHABLE', detail, error);
}

function sawAnswer(report: ProxyReport): boolean {
  return Object.keys(report.statuses).some((status) => status.startsWith('2'));
}

function isCaptureError(error: unknown): error is JobError {
  const isStepError = error instanceof PermanentStepError || error instanceof TransientStepError;
  return isStepError && error.step === CAPTURE_STEP && !error.code.startsWith('FFMPEG_');
}
