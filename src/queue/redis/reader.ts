import { setTimeout as after } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Delivery } from '../job-queue.js';
import { readArgs } from './claimer.js';
import type { Connection } from './connection.js';
import { isGroupGone } from './group.js';
import { toDeliveries, type ReadReply } from './replies.js';
import type { RedisQueueSettings } from './settings.js';

/** A read that is this late has been forgotten by the other side. ms */
const PATIENCE_MS = 1_500;

interface Self {
  clientId: number;
  /** The server's run id: each server and each of its lives has its own. */
  server: string | undefined;
}

/**
 * Waits for new entries on a connection of its own. A blocked read may never return after a failover or on a line
 * where packets vanish, so each read has a deadline; past it the connection is made anew.
 */
export class Reader {
  /** Who we are to the server. Unknown on a cluster: there a number would mean another client on every node. */
  private self: Self | undefined;
  private isFirst = true;

  constructor(
    private readonly connection: Connection,
    private readonly commands: Connection,
    private readonly settings: RedisQueueSettings,
    private readonly onReconnect: () => void,
  ) {
    connection.on('ready', () => void this.introduce());
  }

  /** New entries of any lane, at most `count` of each; empty after `waitMs`. */
  async read(count: number, waitMs: number): Promise<Delivery[]> {
    try {
      const reply = await this.withDeadline(this.blockedRead(count, waitMs), waitMs + PATIENCE_MS);
      return toDeliveries(reply);
    } catch (error) {
      // The claim that follows makes the group again.
      if (isGroupGone(error)) return [];
      throw error;
    }
  }

  /** Ends a read that waits. Without effect when there is none, and on a cluster: there a read waits its time out. */
  wake(): void {
    if (this.self === undefined) return;
    this.commands.call('CLIENT', 'UNBLOCK', String(this.self.clientId)).catch(() => undefined);
  }

  private blockedRead(count: number, waitMs: number): Promise<ReadReply> {
    const { names, consumer } = this.settings;
    const args = readArgs(names.lanes, names.group, consumer, count, waitMs);
    return this.connection.callBuffer('XREADGROUP', args) as Promise<ReadReply>;
  }

  private async withDeadline<T>(read: Promise<T>, ms: number): Promise<T> {
    const timer = new AbortController();
    const late = after(ms, undefined, { signal: timer.signal }).then(() => {
      this.connection.disconnect(true);
      throw new Error(`Redis did not answer a read within ${ms} ms; connecting anew.`);
    });
    try {
      return await Promise.race([read, late]);
    } finally {
      timer.abort();
      late.catch(() => undefined);
      read.catch(() => undefined);
    }
  }

  /**
   * The server may still hold the read of our former connection and hand it an entry that nobody would get: end it,
   * and have what it took meanwhile released. Another server, or a restarted one, gave our former number to somebody else.
   */
  private async introduce(): Promise<void> {
    const [former, isFirst] = [this.self, this.isFirst];
    this.isFirst = false;
    try {
      this.self = await this.whoAmI();
      if (former?.server === undefined || former.server !== this.self?.server) return;
      await this.commands.call('CLIENT', 'KILL', 'ID', String(former.clientId)).catch(() => undefined);
    } catch {
      // Gone again already: the next 'ready' tries anew.
    } finally {
      if (!isFirst) this.onReconnect();
    }
  }

  private async whoAmI(): Promise<Self | undefined> {
    if (!(this.connection instanceof Redis)) return undefined;
    const [clientId, info] = await Promise.all([this.connection.client('ID'), this.serverInfo(this.connection)]);
    return { clientId, server: /run_id:(\S+)/.exec(info)?.[1] };
  }

  /** A user may lack the right to ask: then nothing is known of the server, and nothing is ended there. */
  private serverInfo(connection: Redis): Promise<string> {
    return connection.info('server').catch(() => '');
  }
}
