import type { Camera } from '../../cameras/camera.js';
import type { JobResult } from '../../job/handler.js';
import { isoTime } from '../../job/iso-time.js';
import type { CameraRecord } from '../camera-ledger.js';
import type { RiskSettings } from '../camera-status.js';
import { isUrgent, riskOf } from '../risk.js';
import type { CameraFailing } from '../../queue/status/failing-cameras.js';
import { visitPicture } from '../looks/visit-picture.js';
import type { ListedCamera } from './camera-list.js';
import type { CameraDto, CameraFailingDto, CameraRiskDto, CameraWithHistoryDto, LastClearDto } from './camera.dto.js';
import type { CameraAssessmentDto, CameraInspectionDto } from './newest-jobs.dto.js';

/** A camera as clients see it: what streams hold as text is what it means. */
export function cameraDto(listed: ListedCamera, settings: RiskSettings, now: number): CameraDto {
  const { record, camera, failing, stale } = listed;
  const { cctvId, inspection, assessment } = record;
  return {
    cctvId,
    ...describedBy(camera),
    inspection: inspection === undefined ? null : inspectionDto(inspection),
    assessment: assessment === undefined ? null : assessmentDto(assessment),
    risk: riskDto(record, settings, now),
    failing: failing === undefined ? null : failingDto(failing),
    down: failing?.isDown === true ? failingDto(failing) : null,
    lastClear: lastClearDto(record),
    stale,
  };
}

/** The same, with the scores its risk is made of. */
export function cameraWithHistory(listed: ListedCamera, settings: RiskSettings, now: number): CameraWithHistoryDto {
  const { judgements } = listed.record;
  const history = judgements.map(({ at, safetyScore }) => ({ at: isoTime(at) ?? '', safetyScore }));
  return Object.assign(cameraDto(listed, settings, now), { history });
}

/** What the file says of it; its playlist and headers may be secrets. */
function describedBy(camera: Camera | undefined) {
  return {
    name: camera?.name ?? null,
    location: camera?.location ?? null,
    bearing: camera?.bearing ?? null,
    road: camera?.road ?? null,
    tags: [...(camera?.tags ?? [])],
    hasRegion: camera?.region !== undefined,
    hasCalibration: camera?.calibration !== undefined,
    recorded: camera?.record ?? false,
    scheduled: camera?.inspectEveryMinutes !== undefined,
    inspectEveryMinutes: camera?.inspectEveryMinutes ?? null,
  };
}

function failingDto({ code, message, since }: CameraFailing): CameraFailingDto {
  return { code, message, since: isoTime(since) ?? '' };
}

function lastClearDto({ cctvId, lastClear }: CameraRecord): LastClearDto | null {
  if (lastClear === undefined) return null;
  const { jobId, at, visit } = lastClear;
  return { jobId, at: isoTime(at) ?? '', visit, picture: visitPicture(cctvId, visit) };
}

function inspectionDto(result: JobResult): CameraInspectionDto {
  const { text, number } = readersOf(result);
  return {
    ...finished(result),
    road: {
      verdict: text('backgroundVerdict'),
      reason: text('backgroundReason'),
      doubts: (text('backgroundDoubts') ?? '').split(',').filter((doubt) => doubt !== ''),
      askedSeconds: number('askedSeconds'),
      watchedSeconds: number('watchedSeconds'),
    },
    damage: {
      verdict: text('damageVerdict'),
      detections: number('detections'),
      reported: number('reported'),
      worstSeverity: text('worstSeverity'),
      damagedRoadShare: number('damagedRoadShare'),
      detector: text('detector'),
      detectorVersion: text('detectorVersion'),
    },
  };
}

function assessmentDto(result: JobResult): CameraAssessmentDto {
  const { text, number } = readersOf(result);
  const cached = text('cached');
  return {
    ...finished(result),
    segmentStart: text('segmentStart'),
    segmentEnd: text('segmentEnd'),
    source: text('kind'),
    safetyScore: number('safetyScore'),
    incidents: number('incidents'),
    worstSeverity: text('worstSeverity'),
    roadCondition: text('roadCondition'),
    summary: text('summary'),
    model: text('model'),
    durationMs: number('durationMs'),
    cached: cached === null ? null : cached === 'true',
  };
}

function finished(result: JobResult) {
  const { text, number } = readersOf(result);
  return {
    jobId: text('jobId'),
    queuedAt: text('enqueuedAt'),
    startedAt: text('startedAt'),
    finishedAt: text('finishedAt'),
    attempt: number('attempt'),
    worker: text('worker'),
    artifacts: text('artifacts'),
  };
}

function riskDto({ judgements }: CameraRecord, settings: RiskSettings, now: number): CameraRiskDto | null {
  const found = riskOf(judgements, settings.halfLifeMs);
  if (found === undefined) return null;
  const { risk, safetyScore, trend } = found;
  return { risk, safetyScore, trend, urgent: isUrgent(found, settings.urgentFrom, settings.halfLifeMs, now) };
}

/** What is not there, empty or no number is null. */
function readersOf(result: JobResult) {
  const text = (name: string): string | null => (result[name] === '' ? null : (result[name] ?? null));
  const number = (name: string): number | null => {
    const written = text(name);
    return written !== null && Number.isFinite(Number(written)) ? Number(written) : null;
  };
  return { text, number };
}
