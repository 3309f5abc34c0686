import { randomBytes } from 'node:crypto';
import type { GroupRemade } from '../job-queue.js';
import type { Connection } from '../../redis/connection.js';
import { WAITING_CONSUMER } from '../names.js';
import type { LaneKeys } from '../lane-keys.js';
import { runScript } from '../scripts.js';
import type { RedisQueueSettings } from '../settings.js';

/** Entries that are given back or noted by one call, so that Redis is never held up. */
const PAGE = 1_000;

/** What the script `join` found. */
const MADE_AT_START = 2;
const MADE_WHERE_IT_WAS = 3;

/** The consumer group on every lane: made when missing, made again after Redis lost it. */
export class ConsumerGroup {
  constructor(
    private readonly connection: Connection,
    private readonly lanes: readonly LaneKeys[],
    private readonly settings: RedisQueueSettings,
    private readonly onRemade: (remade: GroupRemade) => void,
  ) {}

  /**
   * Makes streams and group where they are missing, and names the life of each stream: at the start of the stream so that
   * nothing is skipped, or where a group that was destroyed had been, so that nothing finished runs again.
   * Rejects with a `RedisRefusedError` when one of the keys holds something else, or may not be used.
   */
  async ensure(): Promise<void> {
    const { dlq, results } = this.settings.names;
    const others = results === undefined ? [dlq] : [dlq, results];
    await Promise.all([
      ...this.lanes.map((lane) => this.ensureOn(lane)),
      ...others.map((stream) => this.connection.xlen(stream)),
    ]);
  }

  /** Runs a call; when the group turns out to be gone (flush, failover), makes it and runs the call once more. */
  async with<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isGroupGone(error)) throw error;
      await this.ensure();
      return call();
    }
  }

  /** Notes when each entry of a lane comes due, where that is not noted. */
  async index({ stream, waiting }: LaneKeys): Promise<void> {
    const { names, visibilityMs } = this.settings;
    for (let from: Buffer | string | null = '-'; from !== null;) {
      const args = [names.group, WAITING_CONSUMER, visibilityMs, from, PAGE];
      from = (await runScript(this.connection, 'index', [stream, waiting], args)) as Buffer | null;
    }
  }

  private async ensureOn(lane: LaneKeys): Promise<void> {
    const { stream, record, waiting } = lane;
    const args = [this.settings.names.group, newLife(), '0-0'];
    const reply = await runScript(this.connection, 'join', [stream, record, waiting], args);
    const [found, position] = reply as [number, Buffer];
    if (found === MADE_AT_START) this.onRemade({ stream, after: undefined, restored: 0 });
    if (found === MADE_WHERE_IT_WAS) {
      this.onRemade({ stream, after: position.toString('latin1'), restored: await this.restore(lane) });
    }
  }

  private async restore({ stream, waiting }: LaneKeys): Promise<number> {
    const { names, visibilityMs } = this.settings;
    let restored = 0;
    for (let first = 0; ; first += PAGE) {
      const args = [names.group, WAITING_CONSUMER, visibilityMs, first, PAGE];
      const reply = await runScript(this.connection, 'restore', [stream, waiting], args);
      const [seen, given] = reply as [number, number];
      restored += given;
      if (seen < PAGE) return restored;
    }
  }
}

/** A name for a life of a stream that nobody else thinks of. */
export function newLife(): string {
  return randomBytes(8).toString('hex');
}

/** True for the errors by which Redis says that stream or group are gone. */
export function isGroupGone(error: unknown): boolean {
  return says(error, /\bNOGROUP\b|\bUNBLOCKED\b|\bno such key\b/i);
}

function says(error: unknown, what: RegExp): boolean {
  return error instanceof Error && what.test(error.message);
}
