import { basename, dirname } from 'node:path';
import {
  ConflictException,
  Controller,
  Get,
  HttpException,
  NotFoundException,
  Param,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Access, KnownOnly } from '../../http/access/access.decorator.js';
import { isoTime } from '../../job/iso-time.js';
import { CameraList } from '../../ledger/api/camera-list.js';
import { noSuchCamera } from '../../ledger/api/no-such-camera.service.js';
import { CameraLedger } from '../../ledger/camera-ledger.js';
import { CctvIdDto } from '../../ledger/ledger.dto.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { RecordedSegments, type RecordedSegment } from './recorded-segments.js';
import { RecordingDto, RecordingListDto, RecordingPageDto, RecordingPathDto } from './recorded.dto.js';
import { SegmentJudgements, type SegmentJudgement } from './segment-judgements.js';

const READ_WITHIN_MS = 30_000;

/** What was recorded of cameras, as far as this process sees SEGMENTS_DIR. */
@ApiTags('cameras')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/cameras/:cctvId/recordings')
export class RecordedController {
  constructor(
    private readonly segments: RecordedSegments,
    private readonly judgements: SegmentJudgements,
    private readonly ledger: CameraLedger,
    private readonly cameras: CameraList,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The recordings of a camera, with what their assessments saw in them' })
  @ApiOkResponse({ type: RecordingListDto })
  async list(@Param() { cctvId }: CctvIdDto, @Query() { limit, cursor }: RecordingPageDto): Promise<RecordingListDto> {
    const { segments, next } = await this.segments.list(cctvId, limit, cursor);
    if (segments.length === 0 && !(await this.cameras.knows(cctvId))) throw noSuchCamera(cctvId);
    const starts = segments.map(({ startMs }) => startMs);
    const folders = await this.ledger.judgedSegments(cctvId, starts);
    const judged = await this.judgements.read(folders, AbortSignal.timeout(READ_WITHIN_MS));
    return { items: segments.map((segment, i) => recordingDto(cctvId, segment, judged[i])), next };
  }

  @Get(':name')
  @KnownOnly()
  @ApiOperation({ summary: 'A recording as MP4; a part of it by the header Range' })
  @ApiProduces('video/mp4')
  async video(@Param() { cctvId, name }: RecordingPathDto, @Res() response: Response): Promise<void> {
    const found = await this.segments.find(cctvId, name);
    if (found === undefined) throw noRecording(cctvId, name);
    if (!found.isReady) throw stillGrowing(name);
    const headers = { 'Content-Type': 'video/mp4', 'Cache-Control': 'private, max-age=3600' };
    // Below its folder, so that a dot in the path to it does not hide it.
    const options = { root: dirname(found.path), cacheControl: false, headers };
    await new Promise<void>((resolve, reject) => {
      response.sendFile(basename(found.path), options, (error: SendError | undefined) => {
        // Of who hung up, or a file that broke off, nothing more can be said.
        if (error === undefined || response.headersSent) resolve();
        else reject(explained(error, name, found.bytes, response));
      });
    });
  }
}

type SendError = Error & { readonly status?: number };

function explained(error: SendError, name: string, bytes: number, response: Response): Error {
  if (error.status !== 416) return error;
  response.set('Content-Range', `bytes */${bytes}`);
  const message = `The recording ${name} has ${bytes} bytes; the part that was asked for lies beyond.`;
  return new HttpException({ code: 'RANGE_BEYOND_END', message }, 416);
}

function recordingDto(
  cctvId: string,
  { name, startMs, bytes, isReady }: RecordedSegment,
  judgement: SegmentJudgement | undefined,
): RecordingDto {
  const video = isReady ? `/api/v1/cameras/${encodeURIComponent(cctvId)}/recordings/${name}` : null;
  return { name, start: isoTime(startMs) ?? '', bytes, video, assessment: judgement ?? null };
}

function noRecording(cctvId: string, name: string): NotFoundException {
  const message = `There is no recording ${name} of the camera ${cctvId} here: it was deleted, or lies on another machine.`;
  return new NotFoundException({ code: 'NO_SUCH_RECORDING', message });
}

function stillGrowing(name: string): ConflictException {
  const message = `The recording ${name} is still being written to; ask again in some seconds.`;
  return new ConflictException({ code: 'RECORDING_GROWING', message });
}
