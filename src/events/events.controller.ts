import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../http/access/access.decorator.js';
import { EventStreams } from './event-streams.js';
import { CameraEventDto, EventsDto, FindingEventDto, JobEventDto, QueueEventDto, WorkerEventDto } from './event.dto.js';

const DESCRIPTION =
  'One `event:` for each of `types`, with a JSON object as `data:` (JobEventDto, CameraEventDto, WorkerEventDto, QueueEventDto, FindingEventDto). ' +
  '`id:` is to be brought back as Last-Event-ID. `resync` says that events may be missing: read what you show anew. ' +
  'A comment every 15 s. A client that leaves 64 KB unread is dropped. See docs/events.md.';

/** What happens, as it happens. */
@ApiTags('events')
@Access('viewer')
@ApiExtraModels(JobEventDto, CameraEventDto, WorkerEventDto, QueueEventDto, FindingEventDto)
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @ApiOperation({ summary: 'Server-sent events of jobs, cameras, workers and queues', description: DESCRIPTION })
  @ApiOkResponse({ description: 'A stream that does not end', content: { 'text/event-stream': {} } })
  listen(@Req() request: Request, @Res() response: Response, @Query() { types, cctvId }: EventsDto): void {
    const wanted = types === undefined ? undefined : new Set<string>(types);
    this.streams.open(request, response, {
      filter: (event) =>
        (wanted === undefined || wanted.has(event.type)) && (cctvId === undefined || event.cctvId === cctvId),
    });
  }
}
