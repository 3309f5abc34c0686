import type { JobError } from '../../job/errors.js';
import { PermanentStepError, TransientStepError } from '../../job/errors.js';
import { CAPTURE_STEP, captureError, failureOfStatus, looksFinal, rateLimited } from './capture-errors.js';
import type { ProxyReport } from '../proxy/proxy-report.js';

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
  if (refusal !== undefined) return captureError(refusal.code, `${refusal.host} ${refusal.reason}`, error);
  if (report.playlists === 0) return withoutPlaylist(error, report);
  if (report.unchangedReloads >= FROZEN_RELOADS)
    return captureError('HLS_FROZEN', `${report.unchangedReloads} reloads without a new segment`, error);
  return withPlaylist(error, report);
}

/** The camera never gave a playlist: the one thing that went wrong is the reason. */
function withoutPlaylist(error: JobError, report: ProxyReport): JobError {
  if (report.lastErrorStatus === 429) return rateLimited(report.retryAfterSeconds, error);
  const ofStatus = report.lastErrorStatus === null ? null : failureOfStatus(report.lastErrorStatus);
  if (ofStatus !== null) return captureError(ofStatus, `HTTP ${report.lastErrorStatus}`, error);
  return unreachable(error, report) ?? (sawAnswer(report) ? captureError('HLS_NOT_A_PLAYLIST', '', error) : error);
}

/** Codes that ffmpeg's words lead to when something that a playlist names could not be fetched or read. */
const VAGUE: readonly string[] = ['HLS_SEGMENTS_MISSING', 'HLS_NOT_A_PLAYLIST', 'HLS_NO_VIDEO'];

/** The playlist was there, so what failed are variants, keys or segments. */
function withPlaylist(error: JobError, report: ProxyReport): JobError {
  const status = report.lastErrorStatus;
  if (error.code === 'HLS_ENCRYPTED' && status !== null && isPermanent(status)) return error;
  if (error.code !== 'HLS_ENCRYPTED' && !VAGUE.includes(error.code)) return error;
  if (status !== null) return captureError('HLS_SEGMENTS_MISSING', statusesOf(report), error);
  const cause = unreachable(error, report);
  if (cause !== null || error.code !== 'HLS_NOT_A_PLAYLIST') return cause ?? error;
  return captureError('HLS_NO_VIDEO', statusesOf(report), error);
}

function isPermanent(status: number): boolean {
  const failure = failureOfStatus(status);
  return failure !== null && looksFinal(failure);
}

function unreachable(error: JobError, report: ProxyReport): JobError | null {
  const failure = report.failures.at(-1);
  if (failure === undefined)
    return report.unanswered > 0
      ? captureError('HLS_TIMEOUT', `${report.unanswered} requests without an answer`, error)
      : null;
  const detail = `${failure.host}: ${failure.code}`;
  if (failure.isTls) return captureError('HLS_TLS', detail, error);
  return captureError(failure.code === 'ETIMEDOUT' ? 'HLS_TIMEOUT' : 'HLS_UNREACHABLE', detail, error);
}

/** `HTTP 200 (1), HTTP 404 (10)` */
function statusesOf(report: ProxyReport): string {
  return Object.entries(report.statuses)
    .map(([status, count]) => `HTTP ${status} (${count})`)
    .join(', ');
}

function sawAnswer(report: ProxyReport): boolean {
  return Object.keys(report.statuses).some((status) => status.startsWith('2'));
}

function isCaptureError(error: unknown): error is JobError {
  const isStepError = error instanceof PermanentStepError || error instanceof TransientStepError;
  return isStepError && error.step === CAPTURE_STEP && !error.code.startsWith('FFMPEG_');
}
