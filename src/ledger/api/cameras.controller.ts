import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../../config/config.js';
import { Access } from '../../http/access/access.decorator.js';
import { Clock } from '../../lib/clock.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { CameraLedger } from '../camera-ledger.js';
import { CctvIdDto } from '../ledger.dto.js';
import { cameraCursor, cameraOfCursor } from './camera-cursor.js';
import { cameraDto, cameraWithHistory } from './camera-view.js';
import { CameraListDto, CameraPageDto, CameraWithHistoryDto } from './camera.dto.js';
import { noSuchCamera } from './no-such-camera.service.js';

/** What is known of cameras from the jobs that finished. */
@ApiTags('cameras')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/cameras')
export class CamerasController {
  constructor(
    private readonly ledger: CameraLedger,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Last inspection, last assessment and risk of each camera, those heard of last first' })
  @ApiOkResponse({ type: CameraListDto })
  async list(@Query() { limit, cursor }: CameraPageDto): Promise<CameraListDto> {
    const after = cursor === undefined ? undefined : cameraOfCursor(cursor);
    // One more than is asked for shows whether there are more.
    const records = await this.ledger.list(limit + 1, after);
    const last = records[limit - 1];
    const now = this.clock.now();
    return {
      items: records.slice(0, limit).map((record) => cameraDto(record, this.config.risk, now)),
      next: records.length > limit && last !== undefined ? cameraCursor(last) : null,
    };
  }

  @Get(':cctvId')
  @ApiOperation({ summary: 'One camera, with the scores its risk is made of' })
  @ApiOkResponse({ type: CameraWithHistoryDto })
  async get(@Param() { cctvId }: CctvIdDto): Promise<CameraWithHistoryDto> {
    const record = await this.ledger.get(cctvId);
    if (record === undefined) throw noSuchCamera(cctvId);
    return cameraWithHistory(record, this.config.risk, this.clock.now());
  }
}
