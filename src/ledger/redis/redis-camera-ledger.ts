import type { JobResult } from '../../job/handler.js';
import type { Connection } from '../../queue/redis/connection.js';
import { derivedKey } from '../../queue/redis/keys.js';
import { LuaScripts } from '../../queue/redis/lua-scripts.js';
import { CameraLedger, type CameraRecord, type WorkerTotals } from '../camera-ledger.js';
import type { PublishedResult } from '../results-feed.js';
import type { Judgement } from '../risk.js';
import { toFields } from './fields.js';

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'ledger', [
  'note_inspection',
  'note_assessment',
]);

const MOST_CAMERAS = 10_000;
/** Assessments that count for a camera's risk: two days of ten-minute segments weigh next to nothing by then. */
const MOST_ASSESSMENTS = 48;
const MOST_WORKERS = 200;
/** Assessments of a camera that nobody judges any more are forgotten after so long, ms. */
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
    const keys = [assessments, this.judgementsOf(camera), derivedKey(assessments, 'cameras'), this.workers];
    const time = timeIn(fields, 'segmentStart') ?? timeOf(id);
    const worker = fields['worker'] ?? 'unknown';
    const duration = Math.round(Number(fields['durationMs'] ?? 0)) || 0;
    const limits = [MOST_CAMERAS, MOST_ASSESSMENTS, KEEP_MS];
    const args = [
      group,
      id,
      camera,
      time,
      JSON.stringify(fields),
      ...limits,
      worker,
      duration,
      timeOf(id),
      MOST_WORKERS,
    ];
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
    const [inspection, judged] = await Promise.all([
      this.connection.hget(derivedKey(this.names.inspections, 'last'), cctvId),
      this.connection.hgetall(this.judgementsOf(cctvId)),
    ]);
    const assessments = Object.entries(judged)
      .map(([at, record]) => ({ at: Number(at), record: parse(record) }))
      .sort((a, b) => b.at - a.at);
    return {
      cctvId,
      inspection: inspection === null ? undefined : parse(inspection),
      assessment: assessments[0]?.record,
      judgements: assessments.flatMap(({ at, record }) => judgementOf(at, record)),
    };
  }

  private judgementsOf(cctvId: string): string {
    return derivedKey(this.names.assessments, `of:${cctvId}`);
  }

  private get workers(): string {
    return derivedKey(this.names.assessments, 'workers');
  }
}

function judgementOf(at: number, record: JobResult): Judgement[] {
  const safetyScore = Number(record['safetyScore']);
  return record['safetyScore'] === undefined || !Number.isFinite(safetyScore) ? [] : [{ at, safetyScore }];
}

function parse(json: string): JobResult {
  return JSON.parse(json) as JobResult;
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
