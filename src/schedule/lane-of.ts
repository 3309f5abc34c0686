import { setTimeout as after } from 'node:timers/promises';
import type { NewJob } from '../queue/job-producer.js';
import type { RiskOf } from './risk-of.js';

/** A risk that cannot be looked up at once is not waited for: the job matters more. ms */
const PATIENCE_MS = 2_000;

/** The lane for a camera's job. Never rejects. */
export async function laneOf(risk: RiskOf, cctvId: string): Promise<NewJob['lane']> {
  const given = new AbortController();
  const late = after(PATIENCE_MS, false, { signal: given.signal }).catch(() => false);
  const urgent = await Promise.race([risk.urgent(cctvId).catch(() => false), late]);
  given.abort();
  return urgent ? 'urgent' : 'plain';
}
