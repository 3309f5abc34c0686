import { Controller, Get, Param, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { EventStreams } from '../../events/event-streams.js';
import { dataOf } from '../../events/road-event.js';
import { Access } from '../../http/access/access.decorator.js';
import { isEnd } from '../../queue/status/job-note.js';
import { isEnded } from '../../queue/status/job-record.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { checkOwner } from './check-owner.service.js';
import { JobDesk } from '../job-desk.js';
import { JobNameDto } from './jobs.dto.js';

/** How a job goes on, as it does. */
@ApiTags('jobs')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/jobs/:id/events')
export class JobEventsController {
  constructor(
    private readonly desk: JobDesk,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @Access('viewer', 'client')
  @ApiOperation({ summary: 'Server-sent events of one job: its state first, then each change; ends behind its end' })
  @ApiOkResponse({ description: 'A stream that ends with the job', content: { 'text/event-stream': {} } })
  async listen(@Param() { id }: JobNameDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    await checkOwner(this.desk, id, request);
    const { kind } = await this.desk.get(id);
    this.streams.open(request, response, {
      filter: (event) => event.kind === kind && event.jobId === id,
      snapshot: async () => {
        const job = await this.desk.get(id, kind);
        return {
          type: 'job.state',
          data: { ...job },
          covers: (event) => Number(dataOf(event)['version']) <= job.version,
        };
      },
      endAfter: (type, data) => isEnd(type) || isEnded(String(data['state'])),
    });
  }
}
