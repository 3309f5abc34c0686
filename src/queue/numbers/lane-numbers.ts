import type { Clock } from '../../lib/clock.js';
import type { Connection } from '../../redis/connection.js';
import type { LaneKeys } from '../lane-keys.js';
import { Backlog } from './backlog.js';
import { ageOf } from './entry-id.js';
import { readLaneFacts, type LaneFacts } from './lane-facts.js';

/** The numbers of one lane of a queue. Ages in ms by Redis' clock; undefined where there is none to be old. */
export interface LaneNumbers {
  readonly stream: string;
  /** Entries in the stream, acknowledged ones that were not trimmed yet included. */
  readonly length: number;
  /** Jobs that nobody was given yet. */
  readonly undelivered: number;
  /** Jobs that a worker has in hand, or had until it died. */
  readonly running: number;
  /** Jobs that were tried or released, and wait until they come due. */
  readonly waiting: number;
  /** All of them: what to scale by. */
  readonly demand: number;
  /** How long ago the oldest one was queued that nobody was given yet. */
  readonly oldestUndeliveredMs: number | undefined;
  /** For how long the first of what waits is due by now; undefined while none is. */
  readonly oldestDueMs: number | undefined;
  /** How long ago the oldest one was queued that runs or waits. */
  readonly oldestPendingMs: number | undefined;
}

/** Reads the numbers of one lane. Remembers what it counted. */
export class LaneCounter {
  private readonly backlog: Backlog;

  constructor(
    private readonly connection: Connection,
    private readonly keys: LaneKeys,
    private readonly group: string,
    private readonly clock: Clock,
  ) {
    this.backlog = new Backlog(connection, keys.stream);
  }

  async read(): Promise<LaneNumbers> {
    const facts = await readLaneFacts(this.connection, this.keys, this.group);
    const undelivered = await this.backlog.count(facts);
    const { pending, waiting, length } = facts;
    return {
      stream: this.keys.stream,
      ...{ length, undelivered, waiting },
      running: pending - waiting,
      demand: undelivered + pending,
      ...agesOf(facts, this.clock.now()),
    };
  }
}

function agesOf({ oldestUndelivered, oldestPending, earliestDue }: LaneFacts, now: number) {
  return {
    oldestUndeliveredMs: ageOf(oldestUndelivered, now),
    oldestDueMs: earliestDue === undefined || earliestDue > now ? undefined : Math.round(now - earliestDue),
    oldestPendingMs: ageOf(oldestPending, now),
  };
}
