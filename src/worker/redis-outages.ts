import { describeError } from '../job/errors.js';
import { redactText } from '../job/redact.js';
import type { Log } from '../log/log.js';
import type { Metrics } from '../metrics/metrics.js';

/** Says once that Redis is away and once that it is back, however many engines notice. */
export class RedisOutages {
  private readonly away = new Set<object>();

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** @param who the engine that lost Redis */
  lost(who: object, error: unknown): void {
    const isFirst = this.away.size === 0;
    this.away.add(who);
    if (!isFirst) return;
    this.metrics.redisOutages.inc();
    this.log.error({ reason: redactText(describeError(error).message) }, 'Redis cannot be reached; waiting for it');
  }

  /** @param who the engine that has Redis again, and after how long, ms */
  back(who: object, afterMs: number): void {
    this.away.delete(who);
    if (this.away.size === 0) this.log.info({ afterMs }, 'Redis is back; going on');
  }
}
