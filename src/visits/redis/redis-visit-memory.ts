import { setTimeout as after } from 'node:timers/promises';
import type { Connection } from '../../queue/redis/connection.js';
import { derivedKey } from '../../queue/redis/keys.js';
import type { Link } from '../../queue/redis/link.js';
import { VisitMemory } from '../visit-memory.js';
import { fromBytes, toBytes } from '../visit-bytes.js';
import type { Visit } from '../visit.js';

/** A camera that nobody looks at any more is forgotten. ms */
const FORGET_AFTER_MS = 90 * 86_400_000;

/** A job does not wait longer for its memory. ms */
const PATIENCE_MS = 3_000;

/** Visits in one Redis hash per camera: a field for each visit, so that a repeated job replaces its own. */
export class RedisVisitMemory extends VisitMemory {
  /** @param stream whose Cluster slot and prefix the keys take */
  constructor(
    private readonly link: Link,
    private readonly stream: string,
  ) {
    super();
  }

  async recall(cctvId: string): Promise<Visit[]> {
    const fields = await this.ask((connection) => connection.hgetallBuffer(this.keyOf(cctvId)));
    const visits = Object.values(fields).map(fromBytes);
    return visits.filter((visit) => visit !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async remember(cctvId: string, visit: Visit, most: number): Promise<void> {
    const key = this.keyOf(cctvId);
    await this.ask(async (connection) => {
      await connection.hset(key, visit.id, toBytes(visit));
      // Two workers at once take out the same oldest ones.
      const surplus = (await connection.hkeys(key)).sort().slice(0, -most);
      if (surplus.length > 0) await connection.hdel(key, ...surplus);
      await connection.pexpire(key, FORGET_AFTER_MS);
    });
  }

  /** Commands wait while Redis is away; a job must not. */
  private async ask<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    await this.link.up();
    const late = new AbortController();
    const timeout = after(PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`Redis did not answer within ${PATIENCE_MS / 1_000} s.`);
    });
    try {
      return await Promise.race([work(this.link.connection), timeout]);
    } finally {
      timeout.catch(() => undefined);
      late.abort();
    }
  }

  private keyOf(cctvId: string): string {
    return derivedKey(this.stream, `visits:${cctvId}`);
  }
}
