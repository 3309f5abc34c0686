import { INSPECTION_FILES } from '../artifacts/artifact-names.js';
import type { ArtifactFile } from '../artifacts/artifact-set.js';
import type { Artifact, StoredArtifact } from '../artifacts/artifact-store.js';
import type { Background } from '../background/background.js';
import type { DamageAnalysis } from '../damage/damage-detector.js';
import { encodeJpeg } from '../picture/encode-jpeg.js';
import type { PictureWork } from '../damage/picture-work.js';
import type { Run } from '../job/handler.js';
import { redactUrl } from '../lib/redact.js';
import type { InspectionJob } from './inspection-job.js';

const BACKGROUND_JPEG_QUALITY = 92;

/** All that one inspection found. */
export interface Inspection {
  job: InspectionJob;
  background: Background;
  analysis: DamageAnalysis;
}

/** The files of an inspection but the last, encoded off the main thread. */
export async function inspectionFiles(
  { job, background, analysis }: Inspection,
  pictures: PictureWork,
  signal: AbortSignal,
): Promise<ArtifactFile[]> {
  const { picture, meta } = background;
  const legend = { cctvId: job.cctvId, time: new Date(job.enqueuedAt), backgroundVerdict: meta.verdict };
  const [backgroundJpeg, resultJpeg] = await Promise.all([
    encodeJpeg(picture, BACKGROUND_JPEG_QUALITY),
    pictures.annotate(picture, analysis, legend, signal),
  ]);
  const files = [
    { file: INSPECTION_FILES.background, ...jpeg(backgroundJpeg) },
    {
      file: INSPECTION_FILES.backgroundMeta,
      ...json({ ...meta, ...(analysis.visits && { visits: analysis.visits }) }),
    },
    { file: INSPECTION_FILES.damageAnalysis, ...json({ ...analysis, background: verdictOf(background) }) },
    { file: INSPECTION_FILES.damageResult, ...jpeg(resultJpeg) },
  ];
  return files.map((file) => ({ ...file, metadata: metadataOf(job) }));
}

/**
 * The last file: who did what when, and what was stored. No query of the camera's URL and no password in it; links to the
 * artifacts may be signed.
 */
export function processMeta(
  { job, background, analysis }: Inspection,
  run: Run,
  stored: readonly StoredArtifact[],
): Artifact {
  const meta = {
    job: {
      jobId: job.jobId,
      cctvId: job.cctvId,
      hls: redactUrl(job.hls),
      sec: job.seconds,
      enqueuedAt: isoTime(job.enqueuedAt),
    },
    attempt: run.attempt,
    worker: run.worker,
    startedAt: isoTime(run.startedAt),
    finishedAt: isoTime(Date.now()),
    steps: run.timings,
    background: verdictOf(background),
    damage: {
      detector: analysis.detector,
      verdict: analysis.verdict,
      detections: analysis.detections.length,
      reported: analysis.reported,
      damagedRoadShare: analysis.damagedRoadShare,
    },
    artifacts: stored,
  };
  return { ...json(meta), metadata: metadataOf(job) };
}

function verdictOf({ meta }: Background) {
  const { verdict, verdictReason: reason, doubts, look } = meta;
  return { verdict, reason, doubts, askedSeconds: look.askedSeconds, watchedSeconds: look.watchedSeconds };
}

function metadataOf({ cctvId, jobId }: InspectionJob): Record<string, string> {
  return { 'cctv-id': cctvId, 'job-id': jobId };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function jpeg(bytes: Buffer): Artifact {
  return { contentType: 'image/jpeg', source: () => bytes };
}

function json(value: unknown): Artifact {
  const bytes = Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
  return { contentType: 'application/json', source: () => bytes };
}
