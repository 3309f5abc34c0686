import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import type { WorkerEvents } from '../loop/worker-events.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/** Says once that Redis is away or refuses, says once that it is back, and slows the loop down in between. */
export class Outage {
  private since: number | undefined;
  private nextWaitMs = FIRST_WAIT_MS;
  private refused: string | undefined;

  constructor(private readonly events: Pick<WorkerEvents, 'redisLost' | 'redisBack'>) {}

  /** Since when Redis has been away, ms since the epoch; undefined while it is there. */
  get startedAt(): number | undefined {
    return this.since;
  }

  /** What Redis refuses although it answers, as a sentence; undefined while it does not answer, or serves us. */
  get refusal(): string | undefined {
    return this.refused;
  }

  /** Notes that Redis failed us. That it answers, and refuses, is news even when it was away. */
  begin(error: unknown): void {
    const isNews = this.since === undefined || (this.refused === undefined && error instanceof RedisRefusedError);
    if (error instanceof RedisRefusedError) this.refused ??= error.message;
    if (!isNews) return;
    this.since ??= Date.now();
    this.events.redisLost(error);
  }

  /** Notes that a call went well. */
  end(): void {
    if (this.since === undefined) return;
    this.events.redisBack(Date.now() - this.since);
    this.since = undefined;
    this.refused = undefined;
    this.nextWaitMs = FIRST_WAIT_MS;
  }

  /** How long to wait before the next try; longer each time. ms */
  nextWait(): number {
    const wait = this.nextWaitMs;
    this.nextWaitMs = Math.min(LONGEST_WAIT_MS, wait * 2);
    return wait;
  }
}
