import type { JobResult } from '../job/handler.js';
import { eventsKey, MOST_EVENTS } from '../queue/status/job-note.js';
import { cameraData, endData, endType } from '../queue/status/told-ends.js';
import type { Connection } from '../redis/connection.js';
import { LuaScripts } from '../redis/lua-scripts.js';
import {
  camerasKey,
  lastKey,
  MOST_NOTED,
  scoresKey,
  segmentsKey,
  workersKey,
  type LedgerKind,
  type LedgerNames,
} from './ledger-keys.js';
import { clearKey, looksKey, MOST_LOOKS } from './looks/camera-looks.js';
import { isClear, lookOf } from './looks/look.js';
import type { PublishedResult } from '../queue/results/results-feed.js';

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'ledger', [
  'note_inspection',
  'note_assessment',
  'note_end',
]);

/**
 * Assessments that count for a camera's risk: two days of ten-minute segments. Only their scores are kept, since lists
 * of cameras read all of them.
 */
const MOST_SCORES = 288;
const MOST_WORKERS = 200;
/** Scores of a camera that nobody judges any more are forgotten after so long, ms. */
const KEEP_MS = 30 * 86_400_000;
/** So are the looks at a camera that nobody inspects any more, ms. */
const KEEP_LOOKS_MS = 90 * 86_400_000;

/**
 * Writes into the ledger what jobs published. A result is noted and marked done in one atomic step, so it counts once
 * however often it comes; in the same step those who listen to events are told.
 */
export class LedgerWriter {
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
    const hashes = [lastKey(inspections), camerasKey(inspections)];
    const looks = [looksKey(inspections, camera), clearKey(inspections)];
    const keys = [inspections, ...hashes, eventsKey(mains.inspection), ...looks];
    const time = timeIn(fields, 'enqueuedAt') ?? timeOf(id);
    const { visit, kept } = lookOf(fields, time);
    const look = [visit, JSON.stringify(kept), isClear(kept) ? `${visit} ${kept.jobId}` : ''];
    const args = [
      ...[group, id, camera, time, JSON.stringify(fields), MOST_NOTED],
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
      scoresKey(assessments, camera),
      camerasKey(assessments),
      lastKey(assessments),
      workersKey(assessments),
      eventsKey(this.names.mains.assessment),
      segmentsKey(assessments, camera),
    ];
    const time = timeIn(fields, 'segmentStart') ?? timeOf(id);
    const duration = Math.round(Number(fields['durationMs'] ?? 0)) || 0;
    const record = [group, id, camera, time, JSON.stringify(fields), scoreOf(fields)];
    const worker = [fields['worker'] ?? 'unknown', duration, timeOf(id), MOST_WORKERS];
    const bounds = [MOST_NOTED, MOST_SCORES, KEEP_MS];
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
}

/** What the scripts take last: what is told of a result in events. */
function toldOf(kind: LedgerKind, result: JobResult): (string | number)[] {
  return [MOST_EVENTS, result['jobId'] ?? '', endData(kind, result), cameraData(kind, result)];
}

/** Empty when the assessment has none. */
function scoreOf({ safetyScore = '' }: JobResult): string {
  return safetyScore !== '' && Number.isFinite(Number(safetyScore)) ? safetyScore : '';
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
