import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../../http/access/access.decorator.js';
import { WorkerService } from '../worker.service.js';
import { WorkerStatusDto } from './status.dto.js';

/** What an operator looks at first. */
@ApiTags('worker')
@Access('viewer')
@Controller('worker')
export class StatusController {
  constructor(private readonly worker: WorkerService) {}

  @Get('status')
  @ApiOperation({ summary: 'This worker and its group' })
  @ApiOkResponse({ type: WorkerStatusDto })
  status(): Promise<WorkerStatusDto> {
    return this.worker.status();
  }
}
