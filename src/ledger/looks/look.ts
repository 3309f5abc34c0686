import type { JobResult } from '../../job/handler.js';
import { visitId } from '../../job/visit-id.js';

/** Characters that are kept of why a look came out as it did. */
const LONGEST_REASON = 300;

/** What is kept of one look at a camera: of each inspection that finished, also of one that could not tell. */
export interface CameraLook {
  /** Names it among those of its camera. */
  readonly visit: string;
  readonly jobId: string;
  /** When the job was queued, ms since the epoch. */
  readonly at: number;
  /** day, dusk, night; null in results of earlier versions. */
  readonly light: string | null;
  /** clear, or inconclusive: then its marks are no facts. */
  readonly verdict: string | null;
  /** Why, as a sentence. */
  readonly reason: string | null;
  /** 0..1 */
  readonly damagedRoadShare: number | null;
  readonly worstSeverity: string | null;
  readonly detections: number | null;
  /** The folder of its artifacts. */
  readonly artifacts: string | null;
}

/** A look as Redis keeps it: without what its name says. */
export type KeptLook = Omit<CameraLook, 'visit' | 'at'>;

/** What is kept of an inspection. @param at when its job was queued, ms since the epoch */
export function lookOf(result: JobResult, at: number): { visit: string; kept: KeptLook } {
  const text = (name: string): string | null => (result[name] === '' ? null : (result[name] ?? null));
  const number = (name: string): number | null => {
    const value = Number(text(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  const jobId = result['jobId'] ?? '';
  return {
    visit: visitId({ jobId, enqueuedAt: at }),
    kept: {
      ...{ jobId, light: text('light'), verdict: text('damageVerdict') },
      reason: shortened(text('damageReason') ?? text('backgroundReason')),
      damagedRoadShare: number('damagedRoadShare'),
      worstSeverity: text('worstSeverity'),
      detections: number('detections'),
      artifacts: text('artifacts'),
    },
  };
}

/** A look that was read again; undefined for what is none. */
export function readLook(visit: string, json: string | null | undefined): CameraLook | undefined {
  if (json === null || json === undefined) return undefined;
  return { visit, at: Number.parseInt(visit, 10), ...(JSON.parse(json) as KeptLook) };
}

/** Whether a look shows the road well enough to be believed. */
export function isClear({ verdict }: KeptLook): boolean {
  return verdict === 'clear';
}

function shortened(text: string | null): string | null {
  if (text === null || text.length <= LONGEST_REASON) return text;
  return `${text.slice(0, LONGEST_REASON - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
