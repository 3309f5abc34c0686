import type { JobResult } from '../../job/handler.js';
import type { Connection } from '../../queue/redis/connection.js';
import { derivedKey } from '../../queue/redis/keys.js';
import { LuaScripts } from '../../queue/redis/lua-scripts.js';
import { CameraLedger, type CameraRecord, type WorkerTotals } from '../camera-ledger.js';
import type { PublishedResult } from '../results-feed.js';
import { toFields } from './fields.js';

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'ledger', [
  'note_inspection',
  'note_assessment',
]);

const MOST_CAMERAS = 10_000;
/**
 * Assessments that count for a camera's risk: two days of ten-minute segments. Only their scores are kept, since lists
 * of cameras read all of them.
 */
const MOST_SCORES = 288;
const MOST_WORKERS = 200;
/** Scores of a camera that nobody judges any more are forgotten after so long, ms. */
const KEEP_MS = 30 * 86_400_000;

/** Where the results are, and who marks them as done. */
export interface LedgerNames {
  /** Results stream of the inspections. */
  inspections: string;
  /** Results stream of the assessments. */
  assessments: string;
  group: string;
}

/** The ledger in Redis hashes beside the results streams, in whose Cluster slots they lie. */
export class RedisCameraLedger extends CameraLedger {
  constructor(
    private readonly connection: Connection,
    private readonly names: LedgerNames,
  ) {
    super();
    SCRIPTS.define(connection);
  }

  async noteInspection({ id, fields }: PublishedResult): Promise<void> {
    const { inspections, group } = this.names;
    const keys = [inspections, derivedKey(inspections, 'last'), derivedKey(inspections, 'cameras')];
    const time = timeIn(fields, 'enqueuedAt') ?? timeOf(id);
    const args = [group, id, fields['cctvId'] ?? '', time, JSON.stringify(fields), MOST_CAMERAS];
    await SCRIPTS.run(this.connection, 'note_inspection', keys, args);
  }

  async noteAssessment({ id, fields }: PublishedResult): Promise<void> {
    const { assessments, group } = this.names;
    const camera = fields['cctvId'] ?? '';
    const keys = [
      assessments,
      this.scoresOf(camera),
      derivedKey(assessments, 'cameras'),
      derivedKey(assessments, 'last'),
      this.workers,
    ];
    const time = timeIn(fields, 'segmentStart') ?? timeOf(id);
    const duration = Math.round(Number(fields['durationMs'] ?? 0)) || 0;
    const record = [group, id, camera, time, JSON.stringify(fields), scoreOf(fields)];
    const worker = [fields['worker'] ?? 'unknown', duration, timeOf(id), MOST_WORKERS];
    const args = [...record, MOST_CAMERAS, MOST_SCORES, KEEP_MS, ...worker];
    await SCRIPTS.run(this.connection, 'note_assessment', keys, args);
  }

  async list(limit: number): Promise<CameraRecord[]> {
    const { inspections, assessments } = this.names;
    const newest = await Promise.all(
      [inspections, assessments].map((stream) =>
        this.connection.zrevrange(derivedKey(stream, 'cameras'), 0, limit - 1, 'WITHSCORES'),
      ),
    );
    const heard = new Map<string, number>();
    for (const flat of newest) {
      for (const [camera, time] of Object.entries(toFields(flat))) {
        heard.set(camera, Math.max(heard.get(camera) ?? 0, Number(time)));
      }
    }
    const cameras = [...heard].sort(([, a], [, b]) => b - a).slice(0, limit);
    return Promise.all(cameras.map(([camera]) => this.read(camera)));
  }

  async get(cctvId: string): Promise<CameraRecord | undefined> {
    const record = await this.read(cctvId);
    return record.inspection === undefined && record.assessment === undefined ? undefined : record;
  }

  async lastAssessments(limit: number): Promise<JobResult[]> {
    const entries = await this.connection.xrevrange(this.names.assessments, '+', '-', 'COUNT', limit);
    return entries.map(([, flat]) => toFields(flat));
  }

  async assessmentTotals(): Promise<WorkerTotals[]> {
    const lines = await this.connection.hgetall(this.workers);
    const totals = Object.entries(lines).map(([worker, line]) => {
      const [jobs = 0, totalMs = 0, lastAt = 0] = line.split(' ').map(Number);
      return { worker, jobs, meanMs: jobs === 0 ? 0 : Math.round(totalMs / jobs), lastAt };
    });
    return totals.sort((a, b) => b.jobs - a.jobs);
  }

  private async read(cctvId: string): Promise<CameraRecord> {
    const { inspections, assessments } = this.names;
    const [inspection, assessment, scores] = await Promise.all([
      this.connection.hget(derivedKey(inspections, 'last'), cctvId),
      this.connection.hget(derivedKey(assessments, 'last'), cctvId),
      this.connection.hgetall(this.scoresOf(cctvId)),
    ]);
    return {
      cctvId,
      inspection: parse(inspection),
      assessment: parse(assessment),
      judgements: Object.entries(scores)
        .map(([at, score]) => ({ at: Number(at), safetyScore: Number(score) }))
        .sort((a, b) => b.at - a.at),
    };
  }

  private scoresOf(cctvId: string): string {
    return derivedKey(this.names.assessments, `scores:${cctvId}`);
  }

  private get workers(): string {
    return derivedKey(this.names.assessments, 'workers');
  }
}

/** Empty when the assessment has none. */
function scoreOf({ safetyScore = '' }: JobResult): string {
  return safetyScore !== '' && Number.isFinite(Number(safetyScore)) ? safetyScore : '';
}

function parse(json: string | null): JobResult | undefined {
  return json === null ? undefined : (JSON.parse(json) as JobResult);
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
