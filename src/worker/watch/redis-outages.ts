import { describeError } from '../../job/errors.js';
import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import { redactText } from '../../lib/redact.js';
import type { Log } from '../../log/log.js';
import type { Metrics } from '../../metrics/metrics.js';

/** Says once that Redis is away and once that it is back, however many engines notice. */
export class RedisOutages {
  private readonly away = new Set<object>();
  /** The last one that was logged. */
  private refusal: string | undefined;

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** @param who the engine that lost Redis */
  lost(who: object, error: unknown): void {
    const isFirst = this.away.size === 0;
    this.away.add(who);
    if (isFirst) this.metrics.redisOutages.inc();
    const reason = redactText(describeError(error).message);
    if (error instanceof RedisRefusedError) this.logRefusal(error, reason);
    else if (isFirst) this.log.error({ reason }, 'Redis cannot be reached; waiting for it');
  }

  /** @param who the engine that has Redis again, and after how long, ms */
  back(who: object, afterMs: number): void {
    this.away.delete(who);
    if (this.away.size > 0) return;
    this.log.info(
      { afterMs },
      this.refusal === undefined ? 'Redis is back; going on' : 'Redis serves us again; going on',
    );
    this.refusal = undefined;
  }

  private logRefusal({ refused, code }: RedisRefusedError, reason: string): void {
    if (this.refusal === reason) return;
    this.refusal = reason;
    const { command, keys } = refused;
    this.log.error({ code, command, keys, reason }, 'Redis answers, but refuses; no job is claimed until it does not');
  }
}
