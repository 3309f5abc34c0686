import type { QueueNames } from '../job/kind.js';
import type { Connection } from '../redis/connection.js';
import { isGroupGone } from './streams/group.js';
import { WAITING_CONSUMER } from './names.js';
import { toDelivery, type BoundedEntry } from './replies.js';
import { defineScripts, runScript } from './scripts.js';
import type { RawPayload } from '../job/payload.js';

/** A job that is in the queue now. */
export interface QueuedJob {
  /** Id under which the job first came in. */
  readonly sourceId: string;
  /** Id of the entry that it has now. */
  readonly entryId: string;
  readonly lane: string;
  readonly payload: RawPayload;
  /** Times it was delivered so far. */
  readonly deliveries: number;
  /** Who runs it; undefined while it waits. */
  readonly consumer: string | undefined;
}

/** Single entries that one call reads, so that Redis is never held up. */
const PEEKED = 100;
/** Looks for what waits behind many that were trimmed; a look that finds none ends it sooner. */
const MOST_LOOKS = 25;

/** Names and values in turn, as `XINFO` gives them. */
type Row = (string | number)[];

/** An entry of a pending list. */
type PendingEntry = [id: string, consumer: string, idleMs: number, deliveries: number];

/**
 * Looks into a queue without touching it. For people who ask, not for the way of a job.
 *
 * Reads the streams of a queue and the pending lists of its group.
 */
export class QueueView {
  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
    private readonly maxEntryBytes: number,
  ) {
    defineScripts(connection);
  }

  /** Jobs that nobody runs: not delivered yet, or waiting to be tried again. Urgent ones first, then the oldest. */
  pending(limit: number): Promise<QueuedJob[]> {
    return this.overLanes(limit, async (lane, left) => {
      const waiting = await this.read(lane, await this.pendingOf(lane, left, WAITING_CONSUMER), true);
      return waiting.length < left ? [...waiting, ...(await this.undelivered(lane, left - waiting.length))] : waiting;
    });
  }

  /** Jobs that a worker runs, or ran until it died. */
  running(limit: number): Promise<QueuedJob[]> {
    return this.overLanes(limit, async (lane, left) => {
      // The waiting ones share the list, and may be many: each worker is asked for its own.
      const workers = (await this.consumers(lane)).filter((name) => name !== WAITING_CONSUMER);
      const pending = await Promise.all(workers.map((worker) => this.pendingOf(lane, left, worker)));
      return this.read(lane, pending.flat().slice(0, left), false);
    });
  }

  /**
   * Jobs of one lane that wait to be tried again, in the order of their entries. Fewer than `count` are all that are left: what
   * was trimmed meanwhile is passed over.
   * @param after an entry's id
   */
  async waitingAfter(lane: string, after: string | undefined, count: number): Promise<QueuedJob[]> {
    const jobs: QueuedJob[] = [];
    let last = after;
    for (let look = 0; look < MOST_LOOKS && jobs.length < count; look += 1) {
      const pending = await this.pendingOf(lane, count - jobs.length, WAITING_CONSUMER, last);
      jobs.push(...(await this.read(lane, pending, true)));
      last = pending.at(-1)?.[0];
      if (last === undefined) break;
    }
    return jobs;
  }

  /** Jobs of one lane that were never delivered, oldest first. @param after an entry's id */
  async newAfter(lane: string, after: string | undefined, count: number): Promise<QueuedJob[]> {
    if (after === undefined) return this.undelivered(lane, count);
    const entries = await this.peek(lane, `(${after}`, '+', count);
    return entries.map((entry) => toQueued(lane, entry, 0, undefined));
  }

  private async overLanes(
    limit: number,
    look: (lane: string, left: number) => Promise<QueuedJob[]>,
  ): Promise<QueuedJob[]> {
    const jobs: QueuedJob[] = [];
    for (const lane of this.names.lanes) {
      if (jobs.length < limit) jobs.push(...(await look(lane, limit - jobs.length)));
    }
    return jobs;
  }

  private async consumers(lane: string): Promise<string[]> {
    const rows = await orNone(this.connection.xinfo('CONSUMERS', lane, this.names.group) as Promise<Row[]>);
    return rows.map((flat) => String(flat[flat.indexOf('name') + 1]));
  }

  private pendingOf(lane: string, count: number, consumer: string, after?: string): Promise<PendingEntry[]> {
    const { group } = this.names;
    const from = after === undefined ? '-' : `(${after}`;
    return orNone(this.connection.xpending(lane, group, from, '+', count, consumer) as Promise<PendingEntry[]>);
  }

  /** What was trimmed while it was pending has no payload any more, and is left out. */
  private async read(lane: string, pending: readonly PendingEntry[], isWaiting: boolean): Promise<QueuedJob[]> {
    const found = await this.peekEach(
      lane,
      pending.map(([id]) => id),
    );
    return found.flatMap((entry, i) => {
      const [, consumer, , deliveries] = pending[i] as PendingEntry;
      return entry === null ? [] : [toQueued(lane, entry, deliveries, isWaiting ? undefined : consumer)];
    });
  }

  private async undelivered(lane: string, count: number): Promise<QueuedJob[]> {
    const groups = await orNone(this.connection.xinfo('GROUPS', lane) as Promise<Row[]>);
    const ours = groups.find((flat) => flat[flat.indexOf('name') + 1] === this.names.group);
    const last = ours === undefined ? '0-0' : String(ours[ours.indexOf('last-delivered-id') + 1]);
    const entries = await this.peek(lane, `(${last}`, '+', count);
    return entries.map((entry) => toQueued(lane, entry, 0, undefined));
  }

  /** By one call for many: a call for each would cost Redis three times as much. */
  private async peekEach(lane: string, ids: readonly string[]): Promise<(BoundedEntry | null)[]> {
    const chunks = Array.from({ length: Math.ceil(ids.length / PEEKED) }, (_, at) =>
      ids.slice(at * PEEKED, (at + 1) * PEEKED),
    );
    const found = await Promise.all(
      chunks.map((chunk) => runScript(this.connection, 'peek_each', [lane], [this.maxEntryBytes, ...chunk])),
    );
    return found.flat() as (BoundedEntry | null)[];
  }

  private peek(lane: string, from: string, to: string, count: number): Promise<BoundedEntry[]> {
    return runScript(this.connection, 'peek', [lane], [from, to, count, this.maxEntryBytes]) as Promise<BoundedEntry[]>;
  }
}

function toQueued(lane: string, entry: BoundedEntry, deliveries: number, consumer: string | undefined): QueuedJob {
  const { sourceId, entryId, payload, deliveries: all } = toDelivery(lane, '', entry, deliveries);
  return { sourceId, entryId, lane, payload, deliveries: all, consumer };
}

/** A stream or a group that nobody made yet holds nothing. */
async function orNone<T>(rows: Promise<T[]>): Promise<T[]> {
  try {
    return await rows;
  } catch (error) {
    if (isGroupGone(error) || String(error).includes('no such key')) return [];
    throw error;
  }
}
