import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { WorkerService } from '../worker/worker.service.js';

/** Redis: up when it answers, degraded while it refuses something. */
@Injectable()
export class RedisHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly worker: WorkerService,
  ) {}

  async check() {
    const check = this.indicator.check('redis');
    const pingMs = await this.worker.pingMs();
    if (pingMs === undefined) return check.down('Redis does not answer; the worker waits for it. Check REDIS_URL.');
    const refused = this.worker.redisRefuses();
    if (refused.length > 0) return check.degraded(refused.join(' '));
    return check.up({ pingMs: Math.round(pingMs * 10) / 10 });
  }
}
