import type { QueueNames } from '../../job/kind.js';
import type { ConsumerStats, LaneStats, QueueStats } from '../job-queue.js';
import type { Connection } from '../../redis/connection.js';
import { WAITING_CONSUMER } from '../names.js';
import type { LaneNumbers } from '../numbers/lane-numbers.js';
import type { QueueCount, QueueNumbers } from '../numbers/queue-numbers.js';

/** Names and values in turn, as `XINFO` gives them. */
type Flat = (string | number | null)[];

/** Reads the numbers of a queue, and who is in its group. Rejects while there is no group. */
export async function readStats(
  connection: Connection,
  { lanes: streams, group }: QueueNames,
  numbers: QueueNumbers,
): Promise<QueueStats> {
  const [consumers, count] = await Promise.all([
    Promise.all(streams.map((stream) => readConsumers(connection, stream, group))),
    numbers.read(),
  ]);
  return {
    ...figuresOf(count),
    consumers: consumers.flat().filter(({ name }) => name !== WAITING_CONSUMER),
  };
}

/** What was counted of a queue, in the form of its statistics. */
export function figuresOf({ lanes, deadLetters, readers }: QueueCount): Omit<QueueStats, 'consumers'> {
  return { lanes: lanes.map(toStats), dlqLength: deadLetters.total, deadLetters, readers };
}

async function readConsumers(connection: Connection, stream: string, group: string): Promise<ConsumerStats[]> {
  const rows = (await connection.xinfo('CONSUMERS', stream, group)) as Flat[];
  return rows.map((flat) => {
    const of = (field: string) => flat[flat.indexOf(field) + 1];
    return { name: String(of('name')), stream, pending: Number(of('pending')), idleMs: Number(of('idle')) };
  });
}

function toStats(numbers: LaneNumbers): LaneStats {
  const { stream, length, undelivered, running, waiting, demand } = numbers;
  return {
    ...{ stream, length, running, waiting, demand },
    lag: undelivered,
    pending: running + waiting,
    oldestPendingMs: numbers.oldestPendingMs ?? 0,
    oldestUndeliveredMs: numbers.oldestUndeliveredMs ?? null,
    oldestDueMs: numbers.oldestDueMs ?? null,
  };
}
