import type { DamageAnalysis, Severity } from '../damage/damage-detector.js';
import type { JobResult, Run } from '../job/handler.js';
import type { Inspection } from './result-files.js';

/** The mildest first. */
const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high'];

/** Results are kept by the thousand: the whole sentence is in `damage_analysis.json`. */
const REASON_CHARACTERS = 300;

/**
 * What an inspection tells the world: an entry of the results stream. No URL and no secret is in it.
 *
 * @param folder where its artifacts are, as `artifactFolder` names it
 * @param finishedAt ms since the epoch
 */
export function inspectionResult(
  { job, background, analysis }: Inspection,
  run: Pick<Run, 'attempt' | 'worker' | 'startedAt'>,
  folder: string,
  finishedAt: number,
): JobResult {
  return {
    jobId: job.jobId,
    cctvId: job.cctvId,
    enqueuedAt: isoTime(job.enqueuedAt),
    startedAt: isoTime(run.startedAt),
    finishedAt: isoTime(finishedAt),
    attempt: String(run.attempt),
    worker: run.worker,
    artifacts: folder,
    light: background.meta.quality.light,
    backgroundVerdict: background.meta.verdict,
    backgroundReason: background.meta.verdictReason,
    backgroundDoubts: background.meta.doubts.join(','),
    askedSeconds: String(background.meta.look.askedSeconds),
    watchedSeconds: String(background.meta.look.watchedSeconds),
    damageVerdict: analysis.verdict,
    damageReason: shortened(analysis.verdictReason),
    detections: String(analysis.detections.length),
    reported: String(analysis.reported),
    damagedRoadShare: String(analysis.damagedRoadShare),
    worstSeverity: worstOf(analysis),
    detector: analysis.detector.name,
    detectorVersion: analysis.detector.version,
  };
}

/** Not through the middle of a character. */
function shortened(text: string): string {
  return text.length <= REASON_CHARACTERS
    ? text
    : `${text.slice(0, REASON_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function worstOf({ detections }: DamageAnalysis): Severity | 'none' {
  const found = new Set(detections.map(({ severity }) => severity));
  return SEVERITIES.findLast((severity) => found.has(severity)) ?? 'none';
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
