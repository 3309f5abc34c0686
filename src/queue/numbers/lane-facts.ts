import type { Connection } from '../../redis/connection.js';
import type { LaneKeys } from '../lane-keys.js';
import { WAITING_CONSUMER } from '../names.js';
import { runScript } from '../scripts.js';

/** What Redis says of a lane and its group, at one moment. What it does not know is undefined. */
export interface LaneFacts {
  /** Entries in the stream. */
  readonly length: number;
  /** Entries that were ever added. */
  readonly added: number | undefined;
  readonly first: string | undefined;
  readonly lastGenerated: string;
  /** The newest id that was deleted by hand; trimming does not count. */
  readonly maxDeleted: string | undefined;
  readonly lastDelivered: string;
  /** Entries that the group has read, by Redis' account. */
  readonly read: number | undefined;
  /** Entries that it has not, by Redis' account. */
  readonly claimed: number | undefined;
  readonly pending: number;
  /** Of these, those that wait. */
  readonly waiting: number;
  readonly oldestPending: string | undefined;
  readonly oldestUndelivered: string | undefined;
  /** When the first of what waits comes due; ms since the epoch by Redis' clock. */
  readonly earliestDue: number | undefined;
}

type Value = number | Buffer;

/** Reads them in one step. A stream that is not there is empty. */
export async function readLaneFacts(connection: Connection, lane: LaneKeys, group: string): Promise<LaneFacts> {
  const reply = await runScript(connection, 'numbers', [lane.stream, lane.waiting], [group, WAITING_CONSUMER]);
  const values = (reply as Value[] | null) ?? [0, 0, '', '0-0', '', '0-0', 0, 0, 0, 0, '', '', ''];
  const texts = values.map(String);
  const text = (at: number): string | undefined => (texts[at] === '' ? undefined : texts[at]);
  const number = (at: number): number | undefined => (texts[at] === '' ? undefined : Number(texts[at]));
  return {
    length: number(0) ?? 0,
    added: number(1),
    first: text(2),
    lastGenerated: text(3) ?? '0-0',
    maxDeleted: text(4),
    lastDelivered: text(5) ?? '0-0',
    read: number(6),
    claimed: number(7),
    pending: number(8) ?? 0,
    waiting: number(9) ?? 0,
    oldestPending: text(10),
    oldestUndelivered: text(11),
    earliestDue: number(12),
  };
}
