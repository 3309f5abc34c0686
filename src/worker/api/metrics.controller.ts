import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../../http/access/access.decorator.js';
import { WorkerMetrics } from '../watch/worker-metrics.js';

/** Numbers for Prometheus, and a small JSON form that dashboards rely on. */
@ApiTags('worker')
@Access('scraper')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: WorkerMetrics) {}

  @Get()
  @ApiOperation({ summary: 'Prometheus text; a short summary with Accept: application/json' })
  @ApiProduces('text/plain', 'application/json')
  async read(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (request.accepts(['text/plain', 'application/json']) === 'application/json') {
      response.json(await this.metrics.json());
      return;
    }
    const { contentType, body } = await this.metrics.text();
    response.type(contentType).send(body);
  }
}
