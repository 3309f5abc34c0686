import { derivedKey } from '../redis/derived-key.js';
import type { JobResult } from '../job/handler.js';
import type { Connection } from '../redis/connection.js';
import { eventsKey, MOST_EVENTS } from '../queue/status/job-note.js';
import { LuaScripts } from '../redis/lua-scripts.js';
import { isCompleted, type PublishedResult } from './results-feed.js';
import { toFields } from '../redis/fields.js';
import type { ScoredAssessment } from './risk.js';
import { clearKey, looksKey, MOST_LOOKS } from './looks/camera-looks.js';
import { isClear, lookOf } from './looks/look.js';
import { cameraData, endData, endType } from '../queue/status/told-ends.js';

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

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'ledger', [
  'note_inspection',
  'note_assessment',
  'note_end',
]);

const MOST_CAMERAS = 10_000;
/**
 * Assessments that count for a camera's risk: two days of ten-minute segments. Only their scores are kept, since lists
 * of cameras read all of them.
 */
const MOST_SCORES = 288;
const MOST_WORKERS = 200;
/** Results that are looked through for each one that is wanted. */
const LOOKED_THROUGH = 5;
/** Scores of a camera that nobody judges any more are forgotten after so long, ms. */
const KEEP_MS = 30 * 86_400_000;
/** So are the looks at a camera that nobody inspects any more, ms. */
const KEEP_LOOKS_MS = 90 * 86_400_000;

/** Where the results are, and who marks them as done. */
export interface LedgerNames {
  /** Results stream of the inspections. */
  inspections: string;
  /** Results stream of the assessments. */
  assessments: string;
  group: string;
  /** The least urgent stream of each kind, beside which its events are. */
  mains: Readonly<Record<LedgerKind, string>>;
}

/** The kinds of jobs whose results are noted. */
export type LedgerKind = 'inspection' | 'assessment';

/**
 * What clients see of cameras, made of the results that jobs publish. A result is noted and marked done in one atomic
 * step, so it counts once however often it comes; in the same step those who listen to events are told.
 *
 * The ledger in Redis hashes beside the results streams, in whose Cluster slots they lie.
 */
export class CameraLedger {
  constructor(
    private readonly connection: Connection,
    private readonly names: LedgerNames,
  ) {
    SCRIPTS.define(connection);
  }

  /** Notes a finished inspection; an older one than the last does not replace it. */
  async noteInspection({ id, fields }: PublishedResult): Promise<void> {
    const { inspections, group, mains } = this.names;
    const camera = fields['cctvId'] ?? '';
    const hashes = [derivedKey(inspections, 'last'), derivedKey(inspections, 'cameras')];
    const looks = [looksKey(inspections, camera), clearKey(inspections)];
    const keys = [inspections, ...hashes, eventsKey(mains.inspection), ...looks];
    const time = timeIn(fields, 'enqueuedAt') ?? timeOf(id);
    const { visit, kept } = lookOf(fields, time);
    const look = [visit, JSON.stringify(kept), isClear(kept) ? `${visit} ${kept.jobId}` : ''];
    const args = [
      ...[group, id, camera, time, JSON.stringify(fields), MOST_CAMERAS],
      ...toldOf('inspection', fields),
      ...look,
      ...[MOST_LOOKS, KEEP_LOOKS_MS, looksKey(inspections)],
    ];
    await SCRIPTS.run(this.connection, 'note_inspection', keys, args);
  }

  /** Notes a finished assessment: one for each camera and segment, the last wins. */
  async noteAssessment({ id, fields }: PublishedResult): Promise<void> {
    const { assessments, group } = this.names;
    const camera = fields['cctvId'] ?? '';
    const keys = [
      assessments,
      this.scoresOf(camera),
      derivedKey(assessments, 'cameras'),
      derivedKey(assessments, 'last'),
      this.workers,
      eventsKey(this.names.mains.assessment),
      this.segmentsOf(camera),
    ];
    const time = timeIn(fields, 'segmentStart') ?? timeOf(id);
    const duration = Math.round(Number(fields['durationMs'] ?? 0)) || 0;
    const record = [group, id, camera, time, JSON.stringify(fields), scoreOf(fields)];
    const worker = [fields['worker'] ?? 'unknown', duration, timeOf(id), MOST_WORKERS];
    const bounds = [MOST_CAMERAS, MOST_SCORES, KEEP_MS];
    const folder = fields['kind'] === 'video' ? (fields['artifacts'] ?? '') : '';
    const args = [...record, ...bounds, ...worker, ...toldOf('assessment', fields), folder];
    await SCRIPTS.run(this.connection, 'note_assessment', keys, args);
  }

  /** Notes the end of a job that found nothing: it failed, or was cancelled. */
  async noteEnd(kind: LedgerKind, { id, fields }: PublishedResult): Promise<void> {
    const { inspections, assessments, group, mains } = this.names;
    const keys = [kind === 'inspection' ? inspections : assessments, eventsKey(mains[kind])];
    const { jobId = '', cctvId = '' } = fields;
    const args = [group, id, MOST_EVENTS, endType(fields), jobId, cctvId, endData(kind, fields)];
    await SCRIPTS.run(this.connection, 'note_end', keys, args);
  }

  /**
   * Cameras, those heard of most recently first; of several at the same moment by name.
   */
  async list(limit: number): Promise<CameraRecord[]> {
    return this.records((await this.heard()).sort(byNews).slice(0, limit));
  }

  /** Every camera that is remembered, of which there are {@link MOST_CAMERAS} at most for either kind of job. */
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
      [inspections, assessments].map((stream) => this.connection.zscore(derivedKey(stream, 'cameras'), cctvId)),
    );
    const [inspectedAt, assessedAt] = times.map((time) => (time === null ? undefined : Number(time)));
    if (inspectedAt === undefined && assessedAt === undefined) return undefined;
    return { cctvId, inspectedAt, heardAt: Math.max(inspectedAt ?? 0, assessedAt ?? 0) };
  }

  private async timesOf(stream: string): Promise<Map<string, number>> {
    const flat = await this.connection.zrevrange(derivedKey(stream, 'cameras'), 0, -1, 'WITHSCORES');
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
    const lines = await this.connection.hgetall(this.workers);
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
      this.connection.hmget(derivedKey(inspections, 'last'), ...names),
      this.connection.hmget(derivedKey(assessments, 'last'), ...names),
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
    for (const name of names) pipeline.hgetall(this.scoresOf(name));
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
    const folders = await this.connection.hmget(this.segmentsOf(cctvId), ...starts.map(String));
    return folders.map((folder) => folder ?? undefined);
  }

  private segmentsOf(cctvId: string): string {
    return derivedKey(this.names.assessments, `segments:${cctvId}`);
  }

  private scoresOf(cctvId: string): string {
    return derivedKey(this.names.assessments, `scores:${cctvId}`);
  }

  private get workers(): string {
    return derivedKey(this.names.assessments, 'workers');
  }
}

/** What the scripts take last: what is told of a result in events. */
function toldOf(kind: LedgerKind, result: JobResult): (string | number)[] {
  return [MOST_EVENTS, result['jobId'] ?? '', endData(kind, result), cameraData(kind, result)];
}

/** The order of lists of cameras. */
export function byNews(a: HeardCamera, b: HeardCamera): number {
  return b.heardAt - a.heardAt || (a.cctvId < b.cctvId ? -1 : Number(a.cctvId > b.cctvId));
}

/** Empty when the assessment has none. */
function scoreOf({ safetyScore = '' }: JobResult): string {
  return safetyScore !== '' && Number.isFinite(Number(safetyScore)) ? safetyScore : '';
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

/** A time as results tell it: ISO, or ms since the epoch. */
function timeIn(fields: JobResult, field: string): number | undefined {
  const text = fields[field] ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}

/** When Redis gave out the id of an entry, ms since the epoch. */
function timeOf(id: string): number {
  return Number.parseInt(id, 10);
}
