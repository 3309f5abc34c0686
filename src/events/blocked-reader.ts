import { setTimeout as after } from 'node:timers/promises';
import { orLate } from '../lib/deadline.js';
import type { Connection } from '../redis/connection.js';
import { Link } from '../redis/link.js';
import { newestId, toEvent } from './event-feed.js';
import { START } from './position.js';
import type { RoadEvent } from './road-event.js';

/** Longest wait of one read, after which it is looked whether the streams are still the same. ms */
const BLOCK_MS = 2_000;
/** A read that is this late has been forgotten by the other side. ms */
const PATIENCE_MS = 1_500;
/** Between two tries while Redis is away or refuses. ms */
const AGAIN_AFTER_MS = 500;
/** Most events of a stream in one read. */
const COUNT = 100;

/** The stream of the events of one kind of job. */
export interface KindEvents {
  readonly kind: string;
  readonly key: string;
}

/** Told of what a reader reads. */
export interface ReaderListener {
  /** Where it begins: the newest event of each of its streams. Called once, before all else. */
  began(position: ReadonlyMap<string, string>): void;
  /** New events of one stream, in their order. */
  read(key: string, events: readonly RoadEvent[]): void;
  /** Events may be missing: a stream was trimmed, or began a new life. It goes on after these. */
  lost(position: ReadonlyMap<string, string>): void;
}

/**
 * Waits for new events of some streams, all in one slot of a Cluster, on a connection of its own: from now on, until it is
 * closed, and over every time that Redis is away.
 */
export class BlockedReader {
  private readonly link: Link;
  private readonly positions = new Map<string, string>();
  private closed = false;

  /** @param connection of the role `reader`; it is closed with the reader */
  constructor(
    connection: Connection,
    private readonly sources: readonly KindEvents[],
    private readonly listener: ReaderListener,
  ) {
    this.link = new Link(connection);
  }

  /** Begins to read; never rejects. */
  start(): void {
    void this.run();
  }

  /** Hangs up at once: a read that waits has nothing to lose. */
  close(): void {
    this.closed = true;
    if (this.connection.status !== 'end') this.connection.disconnect();
  }

  /** Asked again after each wait. */
  private isClosed(): boolean {
    return this.closed;
  }

  private get connection(): Connection {
    return this.link.connection;
  }

  private async run(): Promise<void> {
    while (!this.isClosed()) {
      try {
        await this.link.up();
        await this.round();
      } catch {
        // What Redis refuses is told by whoever watches the connections; that it is away, by the engines.
        if (!this.isClosed()) await after(AGAIN_AFTER_MS, undefined, { ref: false });
      }
    }
  }

  private async round(): Promise<void> {
    if (this.positions.size === 0) {
      await this.goToNewest();
      this.listener.began(this.positions);
    }
    const { reply, isKept } = await this.read();
    if (this.isClosed()) return;
    if (!isKept) {
      await this.goToNewest();
      this.listener.lost(this.positions);
      return;
    }
    for (const [key, entries] of reply) this.take(key, entries);
  }

  private async goToNewest(): Promise<void> {
    const newest = this.sources.map(async ({ key }) => [key, await newestId(this.connection, key)] as const);
    for (const [key, id] of await Promise.all(newest)) this.positions.set(key, id);
  }

  private take(key: string, entries: readonly [string, string[]][]): void {
    const kind = this.sources.find((source) => source.key === key)?.kind ?? '';
    const last = entries.at(-1);
    if (last === undefined) return;
    this.positions.set(key, last[0]);
    this.listener.read(
      key,
      entries.map((entry) => toEvent(kind, entry)),
    );
  }

  /** Right behind the read, on the same connection, it is asked whether the streams still hold what was read last. */
  private async read(): Promise<{ reply: [string, [string, string[]][]][]; isKept: boolean }> {
    const keys = this.sources.map(({ key }) => key);
    const ids = keys.map((key) => this.positions.get(key) ?? START);
    const reading = Promise.all([
      this.connection.xread('COUNT', COUNT, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...ids),
      Promise.all(keys.map((key, i) => this.isThere(key, ids[i] ?? START))),
    ]);
    const [reply, there] = await orLate(BLOCK_MS + PATIENCE_MS, reading, () => {
      this.connection.disconnect(true);
      throw new Error('Redis did not answer a read in time; connecting anew.');
    });
    return { reply: reply ?? [], isKept: there.every(Boolean) };
  }

  private async isThere(key: string, id: string): Promise<boolean> {
    return id === START || (await this.connection.xrange(key, id, id, 'COUNT', 1)).length > 0;
  }
}
