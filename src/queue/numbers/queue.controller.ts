import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../../http/access/access.decorator.js';
import { isoTime } from '../../job/iso-time.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { AllQueueNumbers, type KindCount } from './all-numbers.js';
import type { LaneNumbers } from './lane-numbers.js';
import { QueueDto, QueueFilterDto, QueueKindDto, QueuesDto, type LaneNumbersDto } from './queue.dto.js';

/** How much waits, runs and was given up; in constant time, so that scalers and dashboards may ask as often as they like. */
@ApiTags('queue')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/queue')
export class QueueController {
  constructor(private readonly numbers: AllQueueNumbers) {}

  @Get()
  @ApiOperation({ summary: 'The queue of every kind of job, whether or not it runs in this process' })
  @ApiOkResponse({ type: QueuesDto })
  async list(@Query() { kind }: QueueFilterDto): Promise<QueuesDto> {
    return { items: (await this.numbers.read(kind)).map(toDto), next: null };
  }

  @Get(':kind')
  @ApiOperation({ summary: 'The queue of one kind of job: `demand` is what to scale by' })
  @ApiOkResponse({ type: QueueDto })
  async one(@Param() { kind }: QueueKindDto): Promise<QueueDto> {
    const [count] = await this.numbers.read(kind);
    return toDto(count as KindCount);
  }
}

function toDto({ spec: { kind, queue }, lanes, deadLetters, readers }: KindCount): QueueDto {
  const { total, byCode, oldestAt } = deadLetters;
  return {
    kind,
    group: queue.group,
    demand: lanes.reduce((sum, lane) => sum + lane.demand, 0),
    lanes: lanes.map((lane, at) => laneDto(lane, at === lanes.length - 1)),
    deadLetters: { total, byCode, oldestAt: (oldestAt === undefined ? undefined : isoTime(oldestAt)) ?? null },
    readers: readers.map(({ group, oldestUnreadMs = null }) => ({ group, oldestUnreadMs })),
  };
}

function laneDto(lane: LaneNumbers, isLast: boolean): LaneNumbersDto {
  const { stream, undelivered, running, waiting, demand, oldestUndeliveredMs = null, oldestDueMs = null } = lane;
  const priority = isLast ? 'normal' : 'urgent';
  return { priority, stream, undelivered, running, waiting, demand, oldestUndeliveredMs, oldestDueMs };
}
