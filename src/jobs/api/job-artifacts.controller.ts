import { Controller, Get, NotFoundException, Param, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { Request, Response } from 'express';
import { ArtifactStore } from '../../artifacts/artifact-store.js';
import { Access, KnownOnly } from '../../http/access/access.decorator.js';
import { thumbnail } from '../../picture/thumbnail.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { checkOwner } from './check-owner.service.js';
import { JobDesk } from '../job-desk.js';
import { JobNameDto } from './jobs.dto.js';

/** The largest file that a job leaves. bytes */
const MAX_BYTES = 32 * 1024 * 1024;
const READ_WITHIN_MS = 30_000;

/** A file of a job in a path. */
class ArtifactNameDto extends JobNameDto {
  @Matches(/^[a-z_]{1,64}\.(?:jpg|json)$/, { message: 'file must be the name of a file that the job left' })
  file!: string;
}

/** How wide a picture is to be. */
class WidthDto {
  @ApiPropertyOptional({ minimum: 16, maximum: 1920, description: 'px; a picture that is narrower stays as wide' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(16)
  @Max(1920)
  w?: number;
}

/** The files that jobs left, wherever they are stored. */
@ApiTags('jobs')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/jobs/:id/artifacts')
export class JobArtifactsController {
  constructor(
    private readonly desk: JobDesk,
    private readonly store: ArtifactStore,
  ) {}

  @Get(':file')
  @Access('viewer', 'client')
  @KnownOnly()
  @ApiOperation({ summary: 'A file that a job left; a picture as wide as you ask: ?w=320' })
  @ApiProduces('image/jpeg', 'application/json')
  async read(
    @Param() { id, file }: ArtifactNameDto,
    @Query() { w }: WidthDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const name = await this.nameOf(id, file, request);
    const content = await this.store.read(name, MAX_BYTES, AbortSignal.timeout(READ_WITHIN_MS));
    const isPicture = file.endsWith('.jpg');
    response.type(isPicture ? 'image/jpeg' : 'application/json');
    response.setHeader('Cache-Control', 'private, max-age=300');
    response.send(isPicture && w !== undefined ? await thumbnail(content, w) : content);
  }

  private async nameOf(id: string, file: string, request: Request): Promise<string> {
    await checkOwner(this.desk, id, request);
    const { result, artifacts } = await this.desk.get(id);
    const folder = result?.['artifacts'];
    if (typeof folder === 'string' && artifacts.some(({ name }) => name === file)) return folder + file;
    throw new NotFoundException({ code: 'NO_SUCH_ARTIFACT', message: `The job ${id} has left no file ${file}.` });
  }
}
