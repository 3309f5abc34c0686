import type { Connection } from './connection.js';
import type { Link } from './link.js';
import { RedisRefusedError } from './refusal/redis-refused.error.js';

/** Asks Redis whether it is there, over a connection that fails rather than waits. */
export class RedisPing {
  constructor(private readonly link: Link) {}

  /** Round trip, ms. Rejects while Redis is away. */
  async ping(): Promise<number> {
    await this.link.up();
    return pingMs(this.link.connection);
  }
}

/** Round trip, ms. Who refuses an answer has given one. */
export async function pingMs(connection: Connection): Promise<number> {
  const started = performance.now();
  await connection.ping().catch((error: unknown) => {
    if (!(error instanceof RedisRefusedError)) throw error;
  });
  return performance.now() - started;
}
