import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import { Access } from '../http/access/access.decorator.js';
import { HouseDto } from './house.dto.js';

/** What a page of ours, or another one, has to know before it can show anything. */
@ApiTags('dashboard')
@Access('viewer')
@Controller('api/v1/dashboard')
export class HouseController {
  constructor(private readonly config: Config) {}

  @Get()
  @ApiOperation({ summary: 'What the page shows by: map tiles, time zone, roles of this process' })
  @ApiOkResponse({ type: HouseDto })
  show(): HouseDto {
    const { http, queue, roles } = this.config;
    const names = Object.entries(roles).flatMap(([name, isOn]) => (isOn === true ? [name] : []));
    return { mapTilesUrl: http.mapTilesUrl ?? null, timeZone: queue.timeZone, roles: names };
  }
}
