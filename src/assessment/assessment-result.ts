import type { Artifact } from '../artifacts/artifact-store.js';
import type { JobResult, Run } from '../job/handler.js';
import type { AssessmentJob } from './assessment-job.js';
import { worstSeverity } from './assessment.js';
import type { Analysis } from './cache/analysis.js';

/** All that one job answers with. */
export interface Judged {
  readonly job: AssessmentJob;
  readonly analysis: Analysis;
  /** Whether another run had made the analysis. */
  readonly cached: boolean;
}

type RunFacts = Pick<Run, 'attempt' | 'worker' | 'startedAt' | 'timings'>;

/** Of a summary in a stream entry; the artifact has all of it. */
const SUMMARY_CHARACTERS = 300;

/**
 * What is stored of an assessment: everything, and who did what when. No query of a URL is in it.
 * @param finishedAt ms since the epoch
 */
export function assessmentFile({ job, analysis, cached }: Judged, run: RunFacts, finishedAt: number): Artifact {
  const { assessment, seconds, source, model, language, promptVersion, tokens, judgedAt } = analysis;
  const content = {
    job: { jobId: job.jobId, cctvId: job.cctvId, enqueuedAt: isoTime(job.enqueuedAt) },
    segment: { start: isoTime(job.segmentStart), end: isoTime(endOf(job, seconds)), seconds },
    source,
    ...assessment,
    incidents: assessment.incidents.map((incident) => ({
      ...incident,
      startsAt: isoTime(job.segmentStart + incident.start * 1000),
      endsAt: isoTime(job.segmentStart + incident.end * 1000),
    })),
    gemini: { model, language, promptVersion, tokens, judgedAt, cached },
    attempt: run.attempt,
    worker: run.worker,
    startedAt: isoTime(run.startedAt),
    finishedAt: isoTime(finishedAt),
    steps: run.timings,
  };
  const bytes = Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`);
  const metadata = { 'cctv-id': job.cctvId, 'job-id': job.jobId };
  return { contentType: 'application/json', source: () => bytes, metadata };
}

/**
 * What an assessment tells the world: an entry of the results stream. No URL and no secret is in it.
 *
 * @param folder where its artifact is, as `artifactFolder` names it
 * @param finishedAt ms since the epoch
 */
export function assessmentResult(
  { job, analysis, cached }: Judged,
  run: RunFacts,
  folder: string,
  finishedAt: number,
): JobResult {
  const { assessment, seconds, source, model } = analysis;
  return {
    jobId: job.jobId,
    cctvId: job.cctvId,
    enqueuedAt: isoTime(job.enqueuedAt),
    segmentStart: isoTime(job.segmentStart),
    segmentEnd: isoTime(endOf(job, seconds)),
    kind: source.kind,
    safetyScore: String(assessment.safetyScore),
    incidents: String(assessment.incidents.length),
    worstSeverity: worstSeverity(assessment),
    roadCondition: assessment.roadCondition,
    summary: shortened(assessment.summary),
    artifacts: folder,
    model,
    worker: run.worker,
    attempt: String(run.attempt),
    startedAt: isoTime(run.startedAt),
    finishedAt: isoTime(finishedAt),
    durationMs: String(finishedAt - run.startedAt),
    cached: String(cached),
  };
}

/** ms since the epoch; where the job does not say, what was judged does. */
function endOf({ segmentStart, segmentEnd }: AssessmentJob, seconds: number): number {
  return segmentEnd ?? segmentStart + Math.round(seconds * 1000);
}

function shortened(text: string): string {
  if (text.length <= SUMMARY_CHARACTERS) return text;
  // Not through the middle of a character.
  return `${text.slice(0, SUMMARY_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
