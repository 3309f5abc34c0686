import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  Res,
  UploadedFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Config } from '../../config/config.js';
import { DamageDetector } from '../../damage/damage-detector.js';
import { PictureWork } from '../../damage/picture-work.js';
import { Access } from '../../http/access/access.decorator.js';
import { Takes } from '../../http/body-type.guard.js';
import { clientLeft, DetectOnRequestService, type Detected } from './detect-on-request.service.js';
import { StreamDto } from './detect-on-request.dto.js';
import { RoomGuard } from './room.guard.js';
import { UploadGuard } from './upload.guard.js';

/** On less no road can be seen, and no camera takes more: a strip costs more time than a picture of as many pixels. px */
const SIDES = { minSide: 32, maxSide: 16_384 } as const;

/** Detection on request: an uploaded picture, or a stream. */
@ApiTags('damage detection')
@Access('viewer')
@Controller('api/v1/damage-detection')
export class DamageDetectionController {
  constructor(
    private readonly detection: DetectOnRequestService,
    private readonly detector: DamageDetector,
    private readonly pictures: PictureWork,
    private readonly config: Config,
  ) {}

  @Get('classes')
  @ApiOperation({ summary: 'What the detector marks' })
  classes() {
    return this.detector.info;
  }

  @Get('health')
  @ApiOperation({ summary: 'Whether the detector can work' })
  async health() {
    const { name, version } = this.detector.info;
    return { detector: { name, version }, ...(await this.detector.health()) };
  }

  @Post('image')
  @Access('inspector')
  @Takes('multipart/form-data')
  @UseGuards(RoomGuard, UploadGuard)
  @HttpCode(200)
  @ApiOperation({
    summary: 'Finds damage on an uploaded JPEG, PNG or WebP; with Accept: image/jpeg answers the picture',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiProduces('application/json', 'image/jpeg')
  @UseInterceptors(FileInterceptor('file'))
  async image(
    @UploadedFile() file: Express.Multer.File | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (file === undefined) throw missingFile();
    const limits = { maxPixels: this.config.detection.uploadMaxPixels, ...SIDES };
    const detected = await this.detection.image(
      (signal) => this.pictures.decode(file.buffer, limits, signal),
      leaving(response),
    );
    await this.answer(request, response, detected, 'upload');
  }

  @Post('stream')
  @Access('inspector')
  @UseGuards(RoomGuard)
  @HttpCode(200)
  @ApiOperation({ summary: 'Watches a stream and finds damage on its empty road; answers when done' })
  @ApiProduces('application/json', 'image/jpeg')
  async stream(@Body() { hls, sec }: StreamDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    const detected = await this.detection.stream(hls, sec, leaving(response));
    await this.answer(request, response, detected, 'stream');
  }

  private async answer(request: Request, response: Response, detected: Detected, subject: string): Promise<void> {
    const { picture, analysis, background } = detected;
    const meta = background?.meta;
    if (request.accepts(['application/json', 'image/jpeg']) !== 'image/jpeg') {
      response.json(meta === undefined ? analysis : { ...analysis, background: meta });
      return;
    }
    const verdict = meta === undefined ? {} : { backgroundVerdict: meta.verdict };
    const legend = { cctvId: subject, time: new Date(), ...verdict };
    response.type('image/jpeg').send(await this.pictures.annotate(picture, analysis, legend, leaving(response)));
  }
}

/** Aborts when the client hangs up before it has its answer. */
function leaving(response: Response): AbortSignal {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort(clientLeft());
  });
  return left.signal;
}

function missingFile(): BadRequestException {
  return new BadRequestException({
    code: 'IMAGE_MISSING',
    message: 'Send the picture as multipart/form-data in the field "file": curl -F file=@road.jpg …',
  });
}
