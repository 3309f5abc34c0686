import type { Delivery } from '../job-queue.js';
import { isToOneServer, type Connection } from '../../redis/connection.js';
import { isGroupGone } from './group.js';
import type { LaneKeys } from '../lane-keys.js';
import { ReplyGuard } from '../../redis/reply-guard.js';
import { toDeliveries, type ReadReply } from '../replies.js';
import { defineScripts, runScript } from '../scripts.js';
import type { RedisQueueSettings } from '../settings.js';
import { orLate } from '../../lib/deadline.js';

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
  private readonly guard: ReplyGuard;

  constructor(
    private readonly connection: Connection,
    private readonly commands: Connection,
    private readonly lanes: readonly LaneKeys[],
    private readonly settings: RedisQueueSettings,
    private readonly onReconnect: () => void,
  ) {
    defineScripts(connection);
    this.guard = new ReplyGuard(connection);
    connection.on('ready', () => void this.introduce());
  }

  /**
   * New entries of any lane, at most `count` of each; empty after `waitMs`. What turns out too large is not read to its
   * end: it stays pending in our name, and is found there.
   */
  async read(count: number, waitMs: number): Promise<Delivery[]> {
    this.guard.allow((count * this.lanes.length + 1) * this.settings.maxEntryBytes);
    try {
      const [reply, lives] = await this.withDeadline(this.blockedRead(count, waitMs), waitMs + PATIENCE_MS);
      return toDeliveries(reply, this.settings.names.lanes, lives);
    } catch (error) {
      // The claim that follows makes the group again.
      if (isGroupGone(error) || this.guard.hasCut) return [];
      throw error;
    }
  }

  /** Ends a read that waits. Without effect when there is none, and on a cluster: there a read waits its time out. */
  wake(): void {
    if (this.self === undefined) return;
    this.commands.call('CLIENT', 'UNBLOCK', String(this.self.clientId)).catch(() => undefined);
  }

  /** The second call tells of which life of its stream each entry is: right behind the read, on the same connection. */
  private async blockedRead(count: number, waitMs: number): Promise<[ReadReply, string[]]> {
    const { names, consumer } = this.settings;
    const block = ['COUNT', String(count), 'BLOCK', String(Math.max(1, Math.round(waitMs)))];
    const streams = ['STREAMS', ...names.lanes, ...names.lanes.map(() => '>')];
    const keys = this.lanes.flatMap(({ stream, record }) => [stream, record]);
    const [reply, lives] = await Promise.all([
      this.connection.callBuffer('XREADGROUP', ['GROUP', names.group, consumer, ...block, ...streams]),
      runScript(this.connection, 'waited', keys, [names.group]),
    ]);
    return [reply as ReadReply, (lives as Buffer[]).map((life) => life.toString('latin1'))];
  }

  private withDeadline<T>(read: Promise<T>, ms: number): Promise<T> {
    return orLate(ms, read, () => {
      this.connection.disconnect(true);
      throw new Error(`Redis did not answer a read within ${ms} ms; connecting anew.`);
    });
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
    if (!isToOneServer(this.connection)) return undefined;
    const [clientId, info] = await Promise.all([this.connection.client('ID'), this.serverInfo()]);
    return { clientId, server: /run_id:(\S+)/.exec(info)?.[1] };
  }

  /** A user may lack the right to ask: then nothing is known of the server, and nothing is ended there. */
  private serverInfo(): Promise<string> {
    return this.connection.info('server').catch(() => '');
  }
}
