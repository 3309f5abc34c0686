import { keyOf, type Delivery } from '../job-queue.js';
import type { Connection } from './connection.js';

/** What `XPENDING` tells of one entry. */
type PendingRow = [id: string, consumer: string, idleMs: number, deliveries: number];

/** More are never pending in the name of one worker: it has fewer slots. */
const MOST = 1_000;

/**
 * Deliveries of a lane that are pending in the consumer's name but not in hand: their reply got lost on the way. Their
 * payload is not known. Only true while no claim is under way.
 */
export async function findStrays(
  connection: Connection,
  lane: string,
  { group, consumer }: { group: string; consumer: string },
  inHand: ReadonlySet<string>,
): Promise<Delivery[]> {
  const rows = (await connection.xpending(lane, group, '-', '+', MOST, consumer)) as PendingRow[];
  return rows
    .filter(([entryId]) => !inHand.has(keyOf({ lane, entryId })))
    .map(([entryId, , , deliveries]) => ({
      ...{ entryId, sourceId: entryId, lane, payload: [] },
      ...{ deliveries, carried: 0, again: false },
    }));
}
