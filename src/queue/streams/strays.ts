import type { Delivery } from '../job-queue.js';
import type { Connection } from '../../redis/connection.js';
import type { LaneKeys } from '../lane-keys.js';
import { toStray } from '../replies.js';

/** What `XPENDING` tells of one entry. */
type PendingRow = [id: string, consumer: string, idleMs: number, deliveries: number];

/** More are never pending in the name of one worker: it has fewer slots. */
const MOST = 1_000;

/**
 * Deliveries of a lane that are pending in the consumer's name but not in hand: their reply got lost on the way. Their
 * payload is not known. Only true while no claim is under way.
 * @param isSame whether a delivery in hand, of another life of the stream, is of the entry that now has its id
 */
export async function findStrays(
  connection: Connection,
  { stream, record }: LaneKeys,
  { group, consumer }: { group: string; consumer: string },
  inHand: readonly Delivery[],
  isSame: (delivery: Delivery) => Promise<boolean>,
): Promise<Delivery[]> {
  const [rows, life] = await Promise.all([
    connection.xpending(stream, group, '-', '+', MOST, consumer) as Promise<PendingRow[]>,
    connection.hget(record, 'life'),
  ]);
  const strays: Delivery[] = [];
  for (const [entryId, , , deliveries] of rows) {
    const alike = inHand.filter((delivery) => delivery.lane === stream && delivery.entryId === entryId);
    if (alike.some((delivery) => delivery.life === life)) continue;
    const same = await Promise.all(alike.map(isSame));
    if (!same.includes(true)) strays.push(toStray(stream, life ?? '', entryId, deliveries));
  }
  return strays;
}
