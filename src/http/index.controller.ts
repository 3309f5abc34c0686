import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from './access/access.decorator.js';

/** Where everything is, for whoever opens the bare address. */
@ApiExcludeController()
@Access('open')
@Controller()
export class IndexController {
  @Get()
  index() {
    return {
      service: 'roadstream',
      docs: '/docs',
      status: '/worker/status',
      health: '/health',
      metrics: '/metrics',
      jobs: '/api/v1/jobs',
      queue: '/api/v1/queue',
      deadLetters: '/api/v1/dead-letters',
      cameras: '/api/v1/cameras',
      workers: '/api/v1/workers',
      events: '/api/v1/events',
    };
  }
}
