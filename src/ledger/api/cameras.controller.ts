import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../../config/config.js';
import { Access } from '../../http/access/access.decorator.js';
import { Clock } from '../../lib/clock.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { CctvIdDto } from '../ledger.dto.js';
import { cameraCursor, cameraOfCursor } from './camera-cursor.js';
import { CameraList } from './camera-list.js';
import { cameraDto, cameraWithHistory } from './camera-view.js';
import { CameraListDto, CameraPageDto, CameraWithHistoryDto } from './camera.dto.js';
import { noSuchCamera } from './no-such-camera.service.js';

/** What is known of cameras from the file and from the jobs that finished. */
@ApiTags('cameras')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/cameras')
export class CamerasController {
  constructor(
    private readonly cameras: CameraList,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'All cameras, with what is known of each: those heard of last first, then those that only the file knows',
  })
  @ApiOkResponse({ type: CameraListDto })
  async list(@Query() { limit, cursor, ...filter }: CameraPageDto): Promise<CameraListDto> {
    const after = cursor === undefined ? undefined : cameraOfCursor(cursor);
    // One more than is asked for shows whether there are more.
    const now = this.clock.now();
    const { cameras: found, counts } = await this.cameras.page(filter, now, limit + 1, after);
    const last = found[limit - 1];
    return {
      items: found.slice(0, limit).map((camera) => cameraDto(camera, this.config.risk, now)),
      next: found.length > limit && last !== undefined ? cameraCursor(last.record) : null,
      counts,
    };
  }

  @Get(':cctvId')
  @ApiOperation({ summary: 'One camera, with the scores its risk is made of' })
  @ApiOkResponse({ type: CameraWithHistoryDto })
  async get(@Param() { cctvId }: CctvIdDto): Promise<CameraWithHistoryDto> {
    const now = this.clock.now();
    const found = await this.cameras.get(cctvId, now);
    if (found === undefined) throw noSuchCamera(cctvId);
    return cameraWithHistory(found, this.config.risk, now);
  }
}
