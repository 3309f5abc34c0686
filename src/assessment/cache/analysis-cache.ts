import { timestampOf } from '../../artifacts/artifact-names.js';
import type { Connection } from '../../redis/connection.js';
import { LuaScripts } from '../../redis/lua-scripts.js';
import type { Analysis, AnalysisKey } from './analysis.js';

/** Who has the right to judge: one run of one stream entry. */
export interface Claimant {
  /** A later run of the same entry takes over: the engine runs an entry once at a time. */
  readonly entryId: string;
  /** Of this run alone. */
  readonly runId: string;
}

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'analysis', ['claim', 'release']);

const KEPT_FOR_MS = 3_600_000;

/**
 * The last analysis of each camera and segment, shared by all workers, and the right to make one: the same segment is
 * judged, and paid for, once. A cache that is out of reach makes a call wait; it never says that there is nothing.
 *
 * Analyses as JSON under `analysis:{cctvId}:{segmentStart}`, with the time as `20240909T100000Z`; those of a picture with
 * `:` and its name behind. The right to judge is a key of its own beside it, since it may be another's in a Cluster.
 */
export class AnalysisCache {
  constructor(private readonly connection: Connection) {
    SCRIPTS.define(connection);
  }

  /** The answer to a question; undefined when nobody asked it within the hour, or asked it otherwise. */
  async find(question: AnalysisKey): Promise<Analysis | undefined> {
    const text = await this.connection.get(keyOf(question));
    const record = text === null ? undefined : parse(text);
    return record?.question === detailsOf(question) ? record.analysis : undefined;
  }

  /**
   * Asks for the right to judge, for at most `forMs`. Gives 0 when it is ours, else how long another run may keep it, ms.
   */
  async claim(question: AnalysisKey, { entryId, runId }: Claimant, forMs: number): Promise<number> {
    const reply = await SCRIPTS.run(this.connection, 'claim', [claimKeyOf(question)], [entryId, runId, forMs]);
    return reply as number;
  }

  /** Keeps an analysis for an hour in place of an earlier one. */
  async keep(question: AnalysisKey, analysis: Analysis): Promise<void> {
    const record: CacheRecord = { question: detailsOf(question), analysis };
    await this.connection.set(keyOf(question), JSON.stringify(record), 'PX', KEPT_FOR_MS);
  }

  /** Gives the right back; does nothing when it is another's by now. */
  async release(question: AnalysisKey, { entryId, runId }: Claimant): Promise<void> {
    await SCRIPTS.run(this.connection, 'release', [claimKeyOf(question)], [entryId, runId]);
  }
}

interface CacheRecord {
  /** What besides camera and time was asked. */
  readonly question: string;
  readonly analysis: Analysis;
}

function keyOf({ cctvId, segmentStart, picture }: AnalysisKey): string {
  const name = `analysis:${cctvId}:${timestampOf(segmentStart)}`;
  return picture === undefined ? name : `${name}:${picture}`;
}

function claimKeyOf(question: AnalysisKey): string {
  return `${keyOf(question)}:judging`;
}

/** A question put otherwise is another one, though it is about the same segment. */
function detailsOf({ segmentStart, segmentEnd, model, language, promptVersion }: AnalysisKey): string {
  return [segmentStart, segmentEnd ?? '', model, language, promptVersion].join(' ');
}

/** Somebody else's value under our key is no analysis. */
function parse(text: string): CacheRecord | undefined {
  try {
    return JSON.parse(text) as CacheRecord;
  } catch {
    return undefined;
  }
}
