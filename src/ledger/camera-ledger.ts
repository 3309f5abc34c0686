import type { JobResult } from '../job/handler.js';
import type { Connection } from '../redis/connection.js';
import { toFields } from '../redis/fields.js';
import { camerasKey, lastKey, scoresKey, segmentsKey, workersKey, type LedgerNames } from './ledger-keys.js';
import { clearKey } from './looks/camera-looks.js';
import { isCompleted } from '../queue/results/results-feed.js';
import type { ScoredAssessment } from './risk.js';

/** A camera and when something was heard of it last, ms since the epoch. */
export interface HeardCamera {
  readonly cctvId: string;
  readonly heardAt: number;
}

/** A camera that is remembered. */
export interface KnownCamera extends HeardCamera {
  /** When something was heard of its inspections last, ms since the epoch. */
  readonly inspectedAt: number | undefined;
}

/** The last look at a camera that could be believed. */
export interface ClearLook {
  readonly visit: string;
  readonly jobId: string;
  /** When the job was queued, ms since the epoch. */
  readonly at: number;
}

/** What is remembered of one camera. `heardAt` is known where it comes in a list. */
export interface CameraRecord extends HeardCamera {
  /** The newest inspection that finished, as it was published; undefined before the first. */
  inspection: JobResult | undefined;
  /** The newest assessment, by the time it is about. */
  assessment: JobResult | undefined;
  /** The assessments that count for its risk. */
  judgements: ScoredAssessment[];
  lastClear: ClearLook | undefined;
}

/** What one worker did. */
export interface WorkerTotals {
  worker: string;
  jobs: number;
  /** Mean duration of a job, ms. */
  meanMs: number;
  /** ms since the epoch */
  lastAt: number;
}

/** Results that are looked through for each one that is wanted. */
const LOOKED_THROUGH = 5;

/**
 * What clients see of cameras, made of the results that jobs publish (see `LedgerWriter`).
 *
 * The ledger in Redis hashes beside the results streams, in whose Cluster slots they lie.
 */
export class CameraLedger {
  constructor(
    private readonly connection: Connection,
    private readonly names: LedgerNames,
  ) {}

  /**
   * Cameras, those heard of most recently first; of several at the same moment by name.
   */
  async list(limit: number): Promise<CameraRecord[]> {
    return this.records((await this.heard()).sort(byNews).slice(0, limit));
  }

  /** Every camera that is remembered, of which there are `MOST_NOTED` at most for either kind of job. */
  async heard(): Promise<KnownCamera[]> {
    const { inspections, assessments } = this.names;
    const [inspected, assessed] = await Promise.all([this.timesOf(inspections), this.timesOf(assessments)]);
    return [...new Set([...inspected.keys(), ...assessed.keys()])].map((cctvId) => {
      const inspectedAt = inspected.get(cctvId);
      return { cctvId, inspectedAt, heardAt: Math.max(inspectedAt ?? 0, assessed.get(cctvId) ?? 0) };
    });
  }

  /** When something was heard of one camera; undefined when nothing ever was. */
  async heardOf(cctvId: string): Promise<KnownCamera | undefined> {
    const { inspections, assessments } = this.names;
    const times = await Promise.all(
      [inspections, assessments].map((stream) => this.connection.zscore(camerasKey(stream), cctvId)),
    );
    const [inspectedAt, assessedAt] = times.map((time) => (time === null ? undefined : Number(time)));
    if (inspectedAt === undefined && assessedAt === undefined) return undefined;
    return { cctvId, inspectedAt, heardAt: Math.max(inspectedAt ?? 0, assessedAt ?? 0) };
  }

  private async timesOf(stream: string): Promise<Map<string, number>> {
    const flat = await this.connection.zrevrange(camerasKey(stream), 0, -1, 'WITHSCORES');
    return new Map(Object.entries(toFields(flat)).map(([camera, time]) => [camera, Number(time)]));
  }

  /** One camera; undefined when nothing was ever heard of it. */
  async get(cctvId: string): Promise<CameraRecord | undefined> {
    const [record] = await this.records([{ cctvId, heardAt: 0 }]);
    return record?.inspection === undefined && record?.assessment === undefined ? undefined : record;
  }

  /** The assessments that finished last, newest first. Among many failed ones not all are looked for. */
  async lastAssessments(limit: number): Promise<JobResult[]> {
    const count = LOOKED_THROUGH * limit;
    const entries = await this.connection.xrevrange(this.names.assessments, '+', '-', 'COUNT', count);
    const results = entries.map(([, flat]) => toFields(flat));
    return results.filter(isCompleted).slice(0, limit);
  }

  /** What each worker assessed lately, busiest first. */
  async assessmentTotals(): Promise<WorkerTotals[]> {
    const lines = await this.connection.hgetall(workersKey(this.names.assessments));
    const totals = Object.entries(lines).map(([worker, line]) => {
      const [jobs = 0, totalMs = 0, lastAt = 0] = line.split(' ').map(Number);
      return { worker, jobs, meanMs: jobs === 0 ? 0 : Math.round(totalMs / jobs), lastAt };
    });
    return totals.sort((a, b) => b.jobs - a.jobs);
  }

  /** What is remembered of these cameras, in their order: three calls and one round trip, however many they are. */
  async records(cameras: readonly HeardCamera[]): Promise<CameraRecord[]> {
    if (cameras.length === 0) return [];
    const { inspections, assessments } = this.names;
    const names = cameras.map(({ cctvId }) => cctvId);
    const [inspected, assessed, clear, scores] = await Promise.all([
      this.connection.hmget(lastKey(inspections), ...names),
      this.connection.hmget(lastKey(assessments), ...names),
      this.connection.hmget(clearKey(inspections), ...names),
      this.scoresOfAll(names),
    ]);
    return cameras.map(({ cctvId, heardAt }, i) => ({
      ...{ cctvId, heardAt },
      inspection: parse(inspected[i]),
      assessment: parse(assessed[i]),
      judgements: judgementsIn(scores[i] ?? {}),
      lastClear: clearLookIn(clear[i]),
    }));
  }

  private async scoresOfAll(names: readonly string[]): Promise<Record<string, string>[]> {
    const pipeline = this.connection.pipeline();
    for (const name of names) pipeline.hgetall(scoresKey(this.names.assessments, name));
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, reply]) => {
      if (error !== null) throw error;
      return reply as Record<string, string>;
    });
  }

  /**
   * For each segment of a camera the folder with its newest assessment; undefined where none is kept.
   * @param starts ms since the epoch
   */
  async judgedSegments(cctvId: string, starts: readonly number[]): Promise<(string | undefined)[]> {
    if (starts.length === 0) return [];
    const folders = await this.connection.hmget(segmentsKey(this.names.assessments, cctvId), ...starts.map(String));
    return folders.map((folder) => folder ?? undefined);
  }
}

/** The order of lists of cameras. */
export function byNews(a: HeardCamera, b: HeardCamera): number {
  return b.heardAt - a.heardAt || (a.cctvId < b.cctvId ? -1 : Number(a.cctvId > b.cctvId));
}

function parse(json: string | null | undefined): JobResult | undefined {
  return json === null || json === undefined ? undefined : (JSON.parse(json) as JobResult);
}

function judgementsIn(scores: Record<string, string>): ScoredAssessment[] {
  const judgements = Object.entries(scores).map(([at, score]) => ({ at: Number(at), safetyScore: Number(score) }));
  return judgements.sort((a, b) => b.at - a.at);
}

/** As `note_inspection.lua` keeps it: a visit, and the job that made it. */
function clearLookIn(text: string | null | undefined): ClearLook | undefined {
  const [, visit, jobId = ''] = /^(\S+) (.*)$/s.exec(text ?? '') ?? [];
  return visit === undefined ? undefined : { visit, jobId, at: Number.parseInt(visit, 10) };
}
