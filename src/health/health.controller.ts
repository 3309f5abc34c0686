import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { Access } from '../http/access/access.decorator.js';
import { FfmpegHealth } from './ffmpeg.health.js';
import { GeminiHealth } from './gemini.health.js';
import { RedisHealth } from './redis.health.js';
import { RelayHealth } from './relay.health.js';
import { ScheduleHealth } from './schedule.health.js';
import { StorageHealth } from './storage.health.js';
import { WebhooksHealth } from './webhooks.health.js';
import { WorkerHealth } from './worker.health.js';

/** The shape that Terminus gives its answers. */
interface HealthAnswer {
  status: string;
  info: object;
  error: object;
  details: object;
}

/** Whether the service works. A camera that is down never makes it fail: it is the camera's illness, not ours. */
@ApiTags('health')
@Access('viewer')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly redis: RedisHealth,
    private readonly storage: StorageHealth,
    private readonly ffmpeg: FfmpegHealth,
    private readonly gemini: GeminiHealth,
    private readonly schedule: ScheduleHealth,
    private readonly relays: RelayHealth,
    private readonly webhooks: WebhooksHealth,
    private readonly worker: WorkerHealth,
  ) {}

  @Get()
  @HealthCheck()
  @ApiOperation({ summary: 'Everything, for operators' })
  all() {
    return this.health.check([
      () => this.redis.check(),
      () => this.storage.check(),
      () => this.ffmpeg.check(),
      () => this.gemini.check(),
      () => this.schedule.check(),
      () => this.relays.check(),
      () => this.webhooks.check(),
      () => this.worker.state(),
    ]);
  }

  @Get('live')
  @Access('open')
  @ApiOperation({ summary: 'Liveness: restart the process when this fails. A drain is no failure' })
  live(): HealthAnswer {
    // Not by way of Terminus, which calls everything unwell from the moment that a stop began: a drain would be cut short.
    const details = this.worker.live();
    const isUp = details.worker.status !== 'down';
    const answer = { status: isUp ? 'ok' : 'error', info: isUp ? details : {}, error: isUp ? {} : details, details };
    if (!isUp) throw new ServiceUnavailableException(answer);
    return answer;
  }

  @Get('ready')
  @Access('open')
  @HealthCheck()
  @ApiOperation({ summary: 'Readiness: Redis answers, artifacts can be stored, and the worker is not draining' })
  ready() {
    return this.health.check([() => this.redis.check(), () => this.storage.ready(), () => this.worker.ready()]);
  }
}
