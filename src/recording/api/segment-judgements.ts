import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { JobError } from '../../job/errors.js';

/** Something that was seen in a recording. */
export interface SeenIncident {
  /** Seconds from the beginning of the recording. */
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly severity: string;
  readonly description: string;
  /** 0..1 */
  readonly confidence: number;
}

/** What an assessment says of a recording. */
export interface SegmentJudgement {
  readonly jobId: string;
  readonly safetyScore: number;
  readonly summary: string;
  readonly incidents: readonly SeenIncident[];
}

/** The file of an assessment in its folder. */
const FILE = 'assessment.json';
/** An assessment has at most 100 incidents of 500 characters. */
const MOST_BYTES = 1024 * 1024;
/** Judgements do not change: those that were read last are kept. Some 1 KB each. */
const MOST_KEPT = 500;
const MOST_INCIDENTS = 100;
const AT_ONCE = 8;

/** What the assessments of recordings say, read from where they are stored. */
export class SegmentJudgements {
  /** By folder; the one that was read last is the last. */
  private readonly known = new Map<string, SegmentJudgement>();

  constructor(
    private readonly store: Pick<ArtifactStore, 'read'>,
    private readonly most = MOST_KEPT,
  ) {}

  /**
   * What the assessments in these folders say; undefined for no folder and for one that is gone.
   * @throws as `ArtifactStore.read`
   */
  async read(folders: readonly (string | undefined)[], signal: AbortSignal): Promise<(SegmentJudgement | undefined)[]> {
    const read: (SegmentJudgement | undefined)[] = [];
    for (let at = 0; at < folders.length; at += AT_ONCE) {
      const some = folders.slice(at, at + AT_ONCE);
      read.push(...(await Promise.all(some.map((folder) => this.one(folder, signal)))));
    }
    return read;
  }

  private async one(folder: string | undefined, signal: AbortSignal): Promise<SegmentJudgement | undefined> {
    if (folder === undefined) return undefined;
    const found = this.known.get(folder) ?? (await this.load(folder, signal));
    if (found === undefined) return undefined;
    this.known.delete(folder);
    this.known.set(folder, found);
    if (this.known.size > this.most) this.known.delete(this.known.keys().next().value!);
    return found;
  }

  private async load(folder: string, signal: AbortSignal): Promise<SegmentJudgement | undefined> {
    try {
      return judgementIn(await this.store.read(folder + FILE, MOST_BYTES, signal));
    } catch (error) {
      if (error instanceof JobError && LOST.has(error.code)) return undefined;
      throw error;
    }
  }
}

const LOST: ReadonlySet<string> = new Set(['STORAGE_NOT_FOUND', 'STORAGE_TOO_LARGE', 'STORAGE_NAME']);

/** Undefined when it is no assessment: whoever may write into the store may write anything. */
function judgementIn(bytes: Buffer): SegmentJudgement | undefined {
  try {
    const found = JSON.parse(bytes.toString()) as Record<string, unknown>;
    const job = found['job'] as Record<string, unknown>;
    const incidents = Array.isArray(found['incidents']) ? (found['incidents'] as unknown[]) : [];
    return {
      jobId: textOf(job['jobId']),
      safetyScore: numberOf(found['safetyScore']),
      summary: textOf(found['summary']),
      incidents: incidents.slice(0, MOST_INCIDENTS).map((each) => incidentIn(each as Record<string, unknown>)),
    };
  } catch {
    return undefined;
  }
}

function incidentIn(found: Record<string, unknown>): SeenIncident {
  const [start, end, confidence] = [found['start'], found['end'], found['confidence']].map(numberOf);
  const [kind, severity, description] = [found['kind'], found['severity'], found['description']].map(textOf);
  return {
    ...{ start: start!, end: end!, kind: kind!, severity: severity!, description: description! },
    confidence: confidence!,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
