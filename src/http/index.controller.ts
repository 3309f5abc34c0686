import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Where everything is, for whoever opens the bare address. */
@ApiExcludeController()
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
