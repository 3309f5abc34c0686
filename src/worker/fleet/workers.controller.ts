import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpStatus,
  NotFoundException,
  Param,
  Patch,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access } from '../../http/access/access.decorator.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { KindDto } from '../api/control.dto.js';
import type { KnownWorker, WorkerOrder } from './fleet-book.js';
import { Fleet } from './fleet.js';
import { ChangeWorkerDto, SteeredDto, WorkerDto, WorkerNameDto, WorkerPageDto, WorkersDto } from './workers.dto.js';

/** All workers, on whichever machine, and how they are steered: any process answers for all. */
@ApiTags('workers')
@ApiBearerAuth('control')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/workers')
export class WorkersController {
  constructor(private readonly fleet: Fleet) {}

  @Get()
  @ApiOperation({ summary: 'The workers that are there, by name; one that is silent for 30 s is not' })
  @ApiOkResponse({ type: WorkersDto })
  async list(@Query() { kind, limit, cursor }: WorkerPageDto): Promise<WorkersDto> {
    const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString();
    const all = (await this.fleet.list(kind)).filter(({ report }) => report.name > after);
    const page = all.slice(0, limit);
    const last = page.at(-1)?.report.name ?? '';
    const next = all.length > page.length ? Buffer.from(last).toString('base64url') : null;
    return { items: page.map(toDto), next };
  }

  @Get(':name')
  @ApiOperation({ summary: 'One worker' })
  @ApiOkResponse({ type: WorkerDto })
  async get(@Param() { name }: WorkerNameDto): Promise<WorkerDto> {
    return toDto(await this.known(name));
  }

  @Patch()
  @Access('operator')
  @ApiOperation({ summary: 'Changes all workers, or those of a kind: each has that many jobs at once, or is paused' })
  @ApiOkResponse({ type: SteeredDto, description: 'All have done so' })
  @ApiAcceptedResponse({ type: SteeredDto, description: 'Those that are `pending` did not say so within 3 s' })
  async changeAll(
    @Query() { kind }: KindDto,
    @Body() body: ChangeWorkerDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SteeredDto> {
    const order = orderOf(body);
    const { done, pending } = await this.fleet.steer(await this.fleet.list(kind), order);
    response.status(pending.length === 0 ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return { items: done.map(toDto), pending: pending.map(({ report }) => report.name) };
  }

  @Patch(':name')
  @Access('operator')
  @ApiOperation({ summary: 'Changes how many jobs a worker runs at once, or pauses it, or lets it go on' })
  @ApiOkResponse({ type: WorkerDto, description: 'It has done so' })
  @ApiAcceptedResponse({ type: WorkerDto, description: 'It did not say so within 3 s' })
  async change(
    @Param() { name }: WorkerNameDto,
    @Body() body: ChangeWorkerDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<WorkerDto> {
    const order = orderOf(body);
    const { done, pending } = await this.fleet.steer([await this.known(name)], order);
    const [worker] = [...done, ...pending];
    if (worker === undefined) throw noSuchWorker(name);
    response.status(pending.length === 0 ? HttpStatus.OK : HttpStatus.ACCEPTED);
    return toDto(worker);
  }

  private async known(name: string): Promise<KnownWorker> {
    const worker = await this.fleet.get(name);
    if (worker === undefined) throw noSuchWorker(name);
    return worker;
  }
}

function toDto({ report, at }: KnownWorker): WorkerDto {
  return { ...report, jobs: [...report.jobs], at: new Date(at).toISOString() };
}

function orderOf({ concurrency, paused }: ChangeWorkerDto): WorkerOrder {
  if (concurrency === undefined && paused === undefined) {
    const message = 'Say what to change: {"concurrency": 4}, {"paused": true}, or both.';
    throw new BadRequestException({ code: 'NOTHING_TO_CHANGE', message });
  }
  return { ...(concurrency === undefined ? {} : { concurrency }), ...(paused === undefined ? {} : { paused }) };
}

function noSuchWorker(name: string): NotFoundException {
  const message = `There is no worker ${name}, or it has been silent for 30 s; GET /api/v1/workers lists them.`;
  return new NotFoundException({ code: 'NO_SUCH_WORKER', message });
}
