import type { Connection } from '../../queue/redis/connection.js';
import { derivedKey } from '../../queue/redis/keys.js';
import { JobNotes } from '../job-notes.js';

/** Notes of workers that died are gone a day after the last job of all. ms */
const KEEP_MS = 86_400_000;

/** The notes in one Redis hash beside the stream. */
export class RedisJobNotes extends JobNotes {
  private readonly key: string;

  constructor(
    private readonly connection: Connection,
    stream: string,
  ) {
    super();
    this.key = derivedKey(stream, 'started');
  }

  async started(jobId: string, at: number): Promise<void> {
    await this.connection.hset(this.key, jobId, at);
    await this.connection.pexpire(this.key, KEEP_MS);
  }

  async ended(jobId: string): Promise<void> {
    await this.connection.hdel(this.key, jobId);
  }

  async startedAt(jobIds: readonly string[]): Promise<(number | undefined)[]> {
    if (jobIds.length === 0) return [];
    const times = await this.connection.hmget(this.key, ...jobIds);
    return times.map((time) => (time === null ? undefined : Number(time)));
  }
}
