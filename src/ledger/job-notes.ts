import { derivedKey } from '../redis/derived-key.js';
import type { Connection } from '../redis/connection.js';

/** Notes of workers that died are gone a day after the last job of all. ms */
const KEEP_MS = 86_400_000;

/**
 * When jobs that run now were begun: Redis itself only knows when their lease was last renewed.
 *
 * The notes in one Redis hash beside the stream.
 */
export class JobNotes {
  private readonly key: string;

  constructor(
    private readonly connection: Connection,
    stream: string,
  ) {
    this.key = derivedKey(stream, 'started');
  }

  /** @param at ms since the epoch */
  async started(jobId: string, at: number): Promise<void> {
    await this.connection.hset(this.key, jobId, at);
    await this.connection.pexpire(this.key, KEEP_MS);
  }

  async ended(jobId: string): Promise<void> {
    await this.connection.hdel(this.key, jobId);
  }

  /** For each job when it was begun, ms since the epoch; undefined when nobody noted it. */
  async startedAt(jobIds: readonly string[]): Promise<(number | undefined)[]> {
    if (jobIds.length === 0) return [];
    const times = await this.connection.hmget(this.key, ...jobIds);
    return times.map((time) => (time === null ? undefined : Number(time)));
  }
}
