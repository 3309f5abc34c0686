import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from './access/access.decorator.js';

/** Where everything is, for whoever opens the bare address. */
@ApiExcludeController()
@Access('open')
@Controller()
export class IndexController {
  /** A browser goes on to the page for people; all else gets the list. */
  @Get()
  index(@Req() request: Request, @Res() response: Response): void {
    response.setHeader('Vary', 'Accept');
    // Relative, so that it works below a prefix of a proxy.
    if (request.accepts(['json', 'html']) === 'html') return response.redirect('ui/');
    response.json({
      service: 'roadstream',
      page: '/ui/',
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
    });
  }
}
