import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { QueueMonitor } from '../worker/queue-monitor.js';

/** Redis: up when it answers. */
@Injectable()
export class RedisHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly monitor: QueueMonitor,
  ) {}

  async check() {
    const check = this.indicator.check('redis');
    const pingMs = await this.monitor.ping();
    if (pingMs === undefined) return check.down('Redis does not answer; the worker waits for it. Check REDIS_URL.');
    return check.up({ pingMs: Math.round(pingMs * 10) / 10 });
  }
}
