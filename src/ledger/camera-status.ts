import type { JobResult } from '../job/handler.js';
import type { CameraRecord } from './camera-ledger.js';
import { isUrgent, riskOf, type Risk } from './risk.js';

/** How judgements become risk. */
export interface RiskSettings {
  /** ms */
  halfLifeMs: number;
  /** From this risk (0..100) on a camera's scheduled jobs are urgent. */
  urgentFrom: number;
}

/** One camera as clients see it. What is not known yet is null. */
export interface CameraStatus {
  cctvId: string;
  /** The last finished inspection as it was published: where its artifacts are, what it found. */
  inspection: JobResult | null;
  /** The last finished assessment as it was published. */
  assessment: JobResult | null;
  /** 0 (safe) .. 100 */
  risk: number | null;
  /** 0..100, decayed over the last assessments. */
  safetyScore: number | null;
  trend: Risk['trend'] | null;
  /** Whether its scheduled jobs go to the urgent stream now. */
  urgent: boolean;
}

/** What a client is told of a camera. */
export function cameraStatus(record: CameraRecord, settings: RiskSettings, now: number): CameraStatus {
  const risk = riskOf(record.judgements, settings.halfLifeMs);
  return {
    cctvId: record.cctvId,
    inspection: record.inspection ?? null,
    assessment: record.assessment ?? null,
    risk: risk?.risk ?? null,
    safetyScore: risk?.safetyScore ?? null,
    trend: risk?.trend ?? null,
    urgent: isUrgent(risk, settings.urgentFrom, settings.halfLifeMs, now),
  };
}
