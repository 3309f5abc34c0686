import {
  BadRequestException,
  Body,
  Controller,
  HttpCode,
  Param,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ThrottlerGuard } from '@nestjs/throttler';
import { Access } from '../../http/access/access.decorator.js';
import { SucceededBy } from '../../http/answers/succeeded.interceptor.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { WorkerService } from '../worker.service.js';
import { CONCURRENCY_RANGE } from './concurrency-range.js';
import { ConcurrencyDto, JobIdDto, KindDto, ScopeDto } from './control.dto.js';

/** How an operator steers this worker. */
@ApiTags('control')
@ApiBearerAuth('control')
@Access('operator')
@UseGuards(ThrottlerGuard)
@Controller('control')
export class ControlController {
  constructor(private readonly worker: WorkerService) {}

  @Post('concurrency')
  @HttpCode(200)
  @ApiOperation({ summary: 'Changes how many jobs of a kind may run at once; no running job is lost or restarted' })
  @ApiBody({ type: ConcurrencyDto, required: false })
  setConcurrency(@Query() query: ConcurrencyDto, @Body() body?: ConcurrencyDto) {
    const n = query.n ?? body?.n;
    if (n === undefined) throw missingN();
    return this.worker.resize(n, query.kind ?? body?.kind);
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes no new job; running ones go on. With scope=group every worker of the group does so' })
  pause(@Query() { scope, kind }: ScopeDto) {
    return this.worker.pause(scope, kind);
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes jobs again. With scope=group every worker of the group does so' })
  resume(@Query() { scope, kind }: ScopeDto) {
    return this.worker.resume(scope, kind);
  }

  @Post('jobs/:jobId/cancel')
  @SucceededBy('/api/v1/jobs/:jobId/cancel')
  @UseInterceptors(RedisInterceptor)
  @HttpCode(202)
  @ApiOperation({
    deprecated: true,
    summary: 'Cancels a job, running or waiting, on whichever worker; noticed within about a second',
  })
  cancel(@Param() { jobId }: JobIdDto, @Query() { kind }: KindDto) {
    return this.worker.cancel(jobId, kind);
  }
}

function missingN(): BadRequestException {
  const { min, max } = CONCURRENCY_RANGE;
  return new BadRequestException({
    code: 'BAD_REQUEST',
    message: `n is missing: POST /control/concurrency?n=2, or the body {"n":2}; from ${min} to ${max}.`,
  });
}
