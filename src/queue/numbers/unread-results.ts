import type { Connection } from '../../redis/connection.js';
import { runScript } from '../scripts.js';
import { ageOf } from './entry-id.js';

/** Groups of readers that are told of: their names become labels of a metric. */
const MOST_GROUPS = 20;
const LONGEST_NAME = 64;

/** How far one group of readers of a results stream is. */
export interface UnreadResults {
  readonly group: string;
  /** How long ago the oldest result was published that the group has not marked as done, ms; undefined with none. */
  readonly oldestUnreadMs: number | undefined;
}

/**
 * How far the groups on a results stream are, 20 at most. Results are trimmed by their age, read or not: a group whose
 * oldest unread one comes near to that age is about to lose some.
 */
export async function readUnreadResults(
  connection: Connection,
  results: string | undefined,
  now: number,
): Promise<UnreadResults[]> {
  if (results === undefined) return [];
  const reply = (await runScript(connection, 'unread', [results], [MOST_GROUPS])) as [Buffer, Buffer][];
  return reply.map(([group, id]) => ({
    group: group.toString().slice(0, LONGEST_NAME),
    oldestUnreadMs: ageOf(id.length === 0 ? undefined : id.toString('latin1'), now),
  }));
}
