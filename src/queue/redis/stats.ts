import type { ConsumerStats, LaneStats, QueueStats } from '../job-queue.js';
import type { Connection } from './connection.js';
import { WAITING_CONSUMER, type QueueNames } from './keys.js';

/** When Redis cannot tell how many entries were not delivered yet, we count them up to here. */
const LAG_COUNTED_TO = 10_000;

type Row = Record<string, string | number | null>;

/** Reads the numbers of a queue. */
export async function readStats(connection: Connection, names: QueueNames): Promise<QueueStats> {
  const [lanes, dlqLength] = await Promise.all([
    Promise.all(names.lanes.map((lane) => readLane(connection, lane, names.group))),
    connection.xlen(names.dlq),
  ]);
  return {
    lanes: lanes.map(({ stats }) => stats),
    dlqLength,
    consumers: lanes.flatMap(({ consumers }) => consumers),
  };
}

async function readLane(
  connection: Connection,
  stream: string,
  groupName: string,
): Promise<{ stats: LaneStats; consumers: ConsumerStats[] }> {
  const [length, groups, consumerRows, summary] = await Promise.all([
    connection.xlen(stream),
    connection.xinfo('GROUPS', stream),
    connection.xinfo('CONSUMERS', stream, groupName),
    connection.xpending(stream, groupName),
  ]);
  const group = rowsOf(groups).find((row) => row.name === groupName) ?? {};
  const consumers = rowsOf(consumerRows).map((row) => ({
    name: String(row.name),
    stream,
    pending: Number(row.pending),
    idleMs: Number(row.idle),
  }));
  const stats = {
    stream,
    length,
    lag: await lagOf(connection, stream, group),
    pending: Number(group.pending ?? 0),
    waiting: consumers.find(({ name }) => name === WAITING_CONSUMER)?.pending ?? 0,
    oldestPendingMs: ageOf((summary as [number, string | null])[1]),
  };
  return { stats, consumers: consumers.filter(({ name }) => name !== WAITING_CONSUMER) };
}

/** Redis answers nil after an undelivered entry was deleted or trimmed: then we count from the last one delivered. */
async function lagOf(connection: Connection, stream: string, group: Row): Promise<number> {
  if (typeof group.lag === 'number') return group.lag;
  const start = `(${String(group['last-delivered-id'] ?? '0-0')}`;
  const entries = await connection.xrange(stream, start, '+', 'COUNT', LAG_COUNTED_TO);
  return entries.length;
}

function ageOf(entryId: string | null): number {
  return entryId === null ? 0 : Math.max(0, Date.now() - Number(entryId.split('-')[0]));
}

function rowsOf(reply: unknown): Row[] {
  return (reply as (string | number | null)[][]).map((flat) => {
    const row: Row = {};
    for (let i = 0; i + 1 < flat.length; i += 2) row[String(flat[i])] = flat[i + 1] ?? null;
    return row;
  });
}
