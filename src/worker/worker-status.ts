import type { BreakerState } from './breaker/breaker-store.js';
import type { LaneStats } from '../queue/job-queue.js';
import type { CameraStatusDto, JobStatusDto } from './api/status.dto.js';
import type { JobRun } from './loop/job-run.js';

/** A run as `/worker/status` shows it. */
export function jobStatus({ delivery, job, attempt, currentStep, startedAt }: JobRun, now: number): JobStatusDto {
  return {
    jobId: job?.jobId ?? delivery.sourceId,
    cctvId: job?.cctvId ?? null,
    attempt,
    step: currentStep ?? null,
    ageMs: now - startedAt,
    stream: delivery.lane,
    entryId: delivery.entryId,
  };
}

/** A camera's breaker as `/worker/status` shows it. */
export function breakerStatus({ camera, failures, opensInMs }: BreakerState): CameraStatusDto {
  const common = { cctvId: camera, failures };
  if (opensInMs === undefined) return { ...common, state: 'failing', retryInMs: null };
  return { ...common, state: opensInMs > 0 ? 'down' : 'testing', retryInMs: opensInMs };
}

/** A number of all lanes together; null when it is not known. */
export function sumOf(
  lanes: readonly LaneStats[] | undefined,
  name: 'length' | 'lag' | 'pending' | 'demand',
): number | null {
  return lanes === undefined ? null : lanes.reduce((sum, lane) => sum + lane[name], 0);
}
