import type { QueueNames } from '../../job/kind.js';
import type { Clock } from '../../lib/clock.js';
import type { ConsumerStats, LaneStats, QueueStats } from '../job-queue.js';
import type { Connection } from '../../redis/connection.js';
import { WAITING_CONSUMER } from '../names.js';
import { lagOf } from './lag.js';

/** Names and values in turn, as `XINFO` gives them. */
type Flat = (string | number | null)[];
type Row = Record<string, string | number | null>;

/** Reads the numbers of a queue; ages by `clock`. */
export async function readStats(connection: Connection, names: QueueNames, clock: Clock): Promise<QueueStats> {
  const [lanes, dlqLength] = await Promise.all([
    Promise.all(names.lanes.map((lane) => readLane(connection, lane, names.group, clock))),
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
  clock: Clock,
): Promise<{ stats: LaneStats; consumers: ConsumerStats[] }> {
  const [streamRow, groups, consumerRows, summary] = await Promise.all([
    connection.xinfo('STREAM', stream),
    connection.xinfo('GROUPS', stream),
    connection.xinfo('CONSUMERS', stream, groupName),
    connection.xpending(stream, groupName),
  ]);
  const info = rowOf(streamRow as Flat);
  const length = Number(info.length);
  const group = rowsOf(groups).find((row) => row.name === groupName) ?? {};
  const consumers = rowsOf(consumerRows).map((row) => ({
    name: String(row.name),
    stream,
    pending: Number(row.pending),
    idleMs: Number(row.idle),
  }));
  const lag = await lagOf(connection, stream, {
    length,
    first: (info['first-entry'] as unknown as [string] | null)?.[0],
    lastGenerated: String(info['last-generated-id']),
    lastDelivered: String(group['last-delivered-id'] ?? '0-0'),
    claimed: typeof group.lag === 'number' ? group.lag : null,
  });
  const pending = Number(group.pending ?? 0);
  const stats = {
    stream,
    length,
    lag,
    pending,
    demand: lag + pending,
    waiting: consumers.find(({ name }) => name === WAITING_CONSUMER)?.pending ?? 0,
    oldestPendingMs: ageOf((summary as [number, string | null])[1], clock.now()),
  };
  return { stats, consumers: consumers.filter(({ name }) => name !== WAITING_CONSUMER) };
}

function ageOf(entryId: string | null, now: number): number {
  return entryId === null ? 0 : Math.max(0, now - Number(entryId.split('-')[0]));
}

function rowsOf(reply: unknown): Row[] {
  return (reply as Flat[]).map(rowOf);
}

function rowOf(flat: Flat): Row {
  const row: Row = {};
  for (let i = 0; i + 1 < flat.length; i += 2) row[String(flat[i])] = flat[i + 1] ?? null;
  return row;
}
