import { RedisPing } from '../redis-ping.js';
import type { Link } from './link.js';

/** Asks over a connection that fails rather than waits. */
export class RedisLinkPing extends RedisPing {
  constructor(private readonly link: Link) {
    super();
  }

  async ping(): Promise<number> {
    await this.link.up();
    const started = performance.now();
    await this.link.connection.ping();
    return performance.now() - started;
  }
}
