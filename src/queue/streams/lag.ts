import type { Connection } from '../../redis/connection.js';
import { runScript } from '../scripts.js';

/** More are not counted. */
const COUNTED_TO = 10_000;

/** What Redis says of a stream and a group on it. */
export interface LagFacts {
  /** Entries in the stream. */
  length: number;
  /** Id of the first entry; undefined when there is none. */
  first: string | undefined;
  lastGenerated: string;
  lastDelivered: string;
  /** Redis' own answer; null when it has none. */
  claimed: number | null;
}

/**
 * How many entries a group was not given yet. Redis' own number is not taken on trust: it has none after an undelivered
 * entry was deleted, and Redis 7 goes on counting entries that were trimmed before they were read (redis/redis #13957).
 * Exact up to 10,000; beyond, Redis' number if it can be true.
 */
export async function lagOf(connection: Connection, stream: string, facts: LagFacts): Promise<number> {
  const { length, first, lastGenerated, lastDelivered, claimed } = facts;
  if (first === undefined || lastDelivered === lastGenerated) return 0;
  if (isBefore(lastDelivered, first)) return length;
  const most = Math.min(claimed ?? COUNTED_TO, length, COUNTED_TO);
  const counted = (await runScript(connection, 'undelivered', [stream], [lastDelivered, most])) as number;
  return counted < COUNTED_TO ? counted : Math.max(counted, Math.min(claimed ?? counted, length));
}

function isBefore(a: string, b: string): boolean {
  const [[aMs, aSeq], [bMs, bSeq]] = [partsOf(a), partsOf(b)];
  return aMs === bMs ? aSeq < bSeq : aMs < bMs;
}

function partsOf(id: string): [ms: bigint, seq: bigint] {
  const [ms = '0', seq = '0'] = id.split('-');
  return [BigInt(ms), BigInt(seq)];
}
