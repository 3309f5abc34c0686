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
      deadLetters: '/control/dlq',
    };
  }
}
