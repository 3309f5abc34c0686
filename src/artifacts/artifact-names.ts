/** What of a job its artifacts are named after: the same job gives the same names however often it runs. */
export interface NamedJob {
  cctvId: string;
  jobId: string;
  /** ms since the epoch */
  enqueuedAt: number;
}

/** The files that one inspection leaves. */
export const INSPECTION_FILES = {
  background: 'background.jpg',
  backgroundMeta: 'background_meta.json',
  damageAnalysis: 'damage_analysis.json',
  damageResult: 'damage_result.jpg',
  /** Marks the set as complete: written last. */
  processMeta: 'process_meta.json',
} as const;

/** The one file that an assessment leaves. */
export const ASSESSMENT_FILE = 'assessment.json';

/** `{prefix}{cctvId}/{jobId}/{timestamp}/`, with a slash at its end. */
export function artifactFolder(prefix: string, job: NamedJob): string {
  return `${prefix}${encodePart(job.cctvId)}/${encodePart(job.jobId)}/${timestampOf(job.enqueuedAt)}/`;
}

/** A point in time as a name: `20240909T100000Z`. Takes ms since the epoch; ms are dropped. */
export function timestampOf(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
}

const NOT_PLAIN = /[^A-Za-z0-9._~-]+/g;

/** One part of a name: percent-encoded where it is not plain, so that it can neither end the part nor climb out of it. */
export function encodePart(part: string): string {
  if (part === '') throw new RangeError('A part of an artifact name must not be empty.');
  if (part === '.' || part === '..') return part.replaceAll('.', '%2E');
  return part.replaceAll(NOT_PLAIN, percentEncode);
}

function percentEncode(text: string): string {
  const bytes = [...Buffer.from(text)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
