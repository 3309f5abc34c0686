import type { CameraLedger } from '../ledger/camera-ledger.js';
import { cameraStatus, type RiskSettings } from '../ledger/camera-status.js';
import type { Clock } from '../lib/clock.js';
import { within } from '../lib/deadline.js';
import type { NewJob } from '../queue/job-producer.js';

/** A risk that cannot be looked up at once is not waited for: the job matters more. ms */
const PATIENCE_MS = 2_000;

/** Whether a camera's jobs are to be run before others. */
export type IsUrgent = (cctvId: string) => Promise<boolean>;

/** By the risk that the ledger knows, from what was assessed before. */
export function urgentByLedger(ledger: CameraLedger, settings: RiskSettings, clock: Clock): IsUrgent {
  return async (cctvId) => {
    const record = await ledger.get(cctvId);
    return record !== undefined && cameraStatus(record, settings, clock.now()).urgent;
  };
}

/** The lane for a camera's job. Never rejects. */
export async function laneOf(isUrgent: IsUrgent, cctvId: string): Promise<NewJob['lane']> {
  return (await within(PATIENCE_MS, isUrgent(cctvId))) === true ? 'urgent' : 'plain';
}
