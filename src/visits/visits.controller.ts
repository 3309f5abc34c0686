import { Controller, Get, NotFoundException, Param, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { VisitMemory } from '../damage/memory/visits/visit-memory.js';
import { Access, KnownOnly } from '../http/access/access.decorator.js';
import { isoTime } from '../job/iso-time.js';
import { CameraList } from '../ledger/api/camera-list.js';
import { noSuchCamera } from '../ledger/api/no-such-camera.service.js';
import { CctvIdDto } from '../ledger/ledger.dto.js';
import { CameraLooks } from '../ledger/looks/camera-looks.js';
import type { CameraLook } from '../ledger/looks/look.js';
import { visitPicture } from '../ledger/looks/visit-picture.js';
import { thumbnail } from '../picture/thumbnail.js';
import { RedisInterceptor } from '../redis/redis.interceptor.js';
import { Alignments } from './alignments.js';
import { Turnstile } from './turnstile.js';
import { VisitMarks } from './visit-marks.js';
import { VisitPictures } from './visit-pictures.js';
import {
  AlignmentDto,
  TwoVisitsDto,
  VisitDto,
  VisitListDto,
  VisitMarksDto,
  VisitPageDto,
  VisitPathDto,
  VisitWidthDto,
} from './visit.dto.js';

const READ_WITHIN_MS = 30_000;
/** Pictures that are in memory and made smaller at once; the others wait: files are read by the same few threads. */
const PICTURES_AT_ONCE = 4;

/** What each visit of a camera saw. */
@ApiTags('cameras')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/cameras/:cctvId')
export class VisitsController {
  private readonly turnstile = new Turnstile(PICTURES_AT_ONCE);

  constructor(
    private readonly looks: CameraLooks,
    private readonly cameras: CameraList,
    private readonly memory: VisitMemory,
    private readonly pictures: VisitPictures,
    private readonly marks: VisitMarks,
    private readonly alignments: Alignments,
  ) {}

  @Get('visits')
  @ApiOperation({ summary: 'The last visits of a camera, those that could not tell as well' })
  @ApiOkResponse({ type: VisitListDto })
  async list(@Param() { cctvId }: CctvIdDto, @Query() { limit, cursor }: VisitPageDto): Promise<VisitListDto> {
    const all = await this.looks.of(cctvId);
    if (all.length === 0 && !(await this.cameras.knows(cctvId))) throw noSuchCamera(cctvId);
    const kept = new Set(await this.memory.remembered(cctvId, AbortSignal.timeout(READ_WITHIN_MS)));
    const rest = cursor === undefined ? all : all.filter(({ visit }) => visit < cursor);
    const items = rest.slice(0, limit).map((look) => visitDto(cctvId, look, kept.has(look.visit)));
    return { items, next: rest.length > limit ? (items.at(-1)?.visit ?? null) : null };
  }

  @Get('visits/:visit/picture')
  @KnownOnly()
  @ApiOperation({ summary: 'The empty road that a visit saw, as wide as you ask: ?w=320' })
  @ApiProduces('image/jpeg', 'image/webp')
  async picture(
    @Param() { cctvId, visit }: VisitPathDto,
    @Query() { w }: VisitWidthDto,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    // A visit shows the same for good: who has its picture is told so without a look at it.
    const tag = `"${visit}-${w ?? 'whole'}"`;
    const headers = { ETag: tag, 'Cache-Control': 'private, max-age=31536000, immutable' };
    if (request.get('If-None-Match')?.includes(tag) === true) return void response.set(headers).status(304).end();
    await this.turnstile.through(async () => {
      const found = await this.pictures.read(cctvId, visit, AbortSignal.timeout(READ_WITHIN_MS));
      if (found === undefined) throw noPicture(visit);
      const content = w === undefined ? found : { bytes: await thumbnail(found.bytes, w), type: 'image/jpeg' };
      response.set(headers).type(content.type).send(content.bytes);
    });
  }

  @Get('visits/:visit/marks')
  @ApiOperation({ summary: 'What a visit marked as damage, at most 200' })
  @ApiOkResponse({ type: VisitMarksDto })
  async marksOf(@Param() { cctvId, visit }: VisitPathDto): Promise<VisitMarksDto> {
    const items = await this.marks.read(cctvId, visit, AbortSignal.timeout(READ_WITHIN_MS));
    if (items === undefined) throw noPicture(visit);
    return { items };
  }

  @Get('alignment')
  @ApiOperation({ summary: 'Where what one visit shows lies in another' })
  @ApiOkResponse({ type: AlignmentDto })
  async alignment(@Param() { cctvId }: CctvIdDto, @Query() { from, to }: TwoVisitsDto): Promise<AlignmentDto> {
    const found = await this.alignments.between(cctvId, from, to);
    if (found === undefined) throw noPicture(`${from} or ${to}`);
    const { offset } = found;
    return { from, to, same: offset !== null, dx: offset?.x ?? null, dy: offset?.y ?? null };
  }
}

function visitDto(cctvId: string, look: CameraLook, kept: boolean): VisitDto {
  const { visit, at, artifacts, ...rest } = look;
  const picture = artifacts !== null || kept ? visitPicture(cctvId, visit) : null;
  return { visit, at: isoTime(at) ?? '', ...rest, picture, kept };
}

function noPicture(visit: string): NotFoundException {
  const message = `The visit ${visit} of this camera has left no such file, or it is no longer stored.`;
  return new NotFoundException({ code: 'NO_SUCH_PICTURE', message });
}
