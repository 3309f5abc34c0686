import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../../config/config.js';
import { Access } from '../../http/access/access.decorator.js';
import { SucceededBy } from '../../http/answers/succeeded.interceptor.js';
import { Clock } from '../../lib/clock.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { CameraLedger } from '../camera-ledger.js';
import { cameraStatus } from '../camera-status.js';
import { CamerasDto, CctvIdDto } from '../ledger.dto.js';
import { noSuchCamera } from './no-such-camera.service.js';

/** The old paths of cameras: results are given as they were published, numbers as texts. */
@ApiTags('cameras')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('cameras')
export class OldCamerasController {
  constructor(
    private readonly ledger: CameraLedger,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get()
  @SucceededBy('/api/v1/cameras')
  @ApiOperation({
    deprecated: true,
    summary: 'Last inspection, safety score, risk and trend of each camera, those heard of last first',
  })
  async list(@Query() { limit }: CamerasDto) {
    const now = this.clock.now();
    const records = await this.ledger.list(limit);
    return { cameras: records.map((record) => cameraStatus(record, this.config.risk, now)) };
  }

  @Get(':cctvId')
  @SucceededBy('/api/v1/cameras/:cctvId')
  @ApiOperation({ deprecated: true, summary: 'One camera, with the assessments its risk is made of' })
  async get(@Param() { cctvId }: CctvIdDto) {
    const record = await this.ledger.get(cctvId);
    if (record === undefined) throw noSuchCamera(cctvId);
    const history = record.judgements.map(({ at, safetyScore }) => ({ at: new Date(at).toISOString(), safetyScore }));
    return { ...cameraStatus(record, this.config.risk, this.clock.now()), history };
  }
}
