import { Controller, Get, NotFoundException, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import { Access } from '../http/access/access.decorator.js';
import { Clock } from '../lib/clock.js';
import { RedisInterceptor } from '../redis/redis.interceptor.js';
import { CameraLedger } from './camera-ledger.js';
import { cameraStatus } from './camera-status.js';
import { CamerasDto, CctvIdDto } from './ledger.dto.js';

/** What is known of cameras from the jobs that finished. */
@ApiTags('cameras')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('cameras')
export class CamerasController {
  constructor(
    private readonly ledger: CameraLedger,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Last inspection, safety score, risk and trend of each camera, those heard of last first' })
  async list(@Query() { limit }: CamerasDto) {
    const now = this.clock.now();
    const records = await this.ledger.list(limit);
    return { cameras: records.map((record) => cameraStatus(record, this.config.risk, now)) };
  }

  @Get(':cctvId')
  @ApiOperation({ summary: 'One camera, with the assessments its risk is made of' })
  async get(@Param() { cctvId }: CctvIdDto) {
    const record = await this.ledger.get(cctvId);
    if (record === undefined) throw noSuchCamera(cctvId);
    const history = record.judgements.map(({ at, safetyScore }) => ({ at: new Date(at).toISOString(), safetyScore }));
    return { ...cameraStatus(record, this.config.risk, this.clock.now()), history };
  }
}

function noSuchCamera(cctvId: string): NotFoundException {
  const message = `No job of the camera ${cctvId} has finished yet, or its results are no longer kept.`;
  return new NotFoundException({ code: 'NO_SUCH_CAMERA', message });
}
