import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Query, Res, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ArtifactStore } from '../../artifacts/artifact-store.js';
import { Cameras } from '../../cameras/camera.js';
import { Config } from '../../config/config.js';
import { Access, KnownOnly } from '../../http/access/access.decorator.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { cocoFiles, JUDGED_STATES, MOST_JUDGED } from '../export/coco.js';
import { csvOf } from '../export/csv.js';
import { geoJsonOf } from '../export/geojson.js';
import { zipOf } from '../export/zip.js';
import { FindingList } from '../review/finding-list.js';
import { FindingFilterDto } from './findings.dto.js';

/** Findings that one table or map holds: as many as a list looks at. */
const MOST_EXPORTED = 50_000;

/** Findings for other programs; as they are made, so that none is in memory as a whole. */
@ApiTags('findings')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1')
export class FindingExportsController {
  constructor(
    private readonly findings: FindingList,
    private readonly cameras: Cameras,
    private readonly store: ArtifactStore,
    private readonly config: Config,
  ) {}

  @Get('findings.csv')
  @Access('viewer')
  @ApiOperation({ summary: 'Findings as a table for spreadsheets: UTF-8, formulas as text' })
  @ApiProduces('text/csv')
  csv(@Query() filter: FindingFilterDto, @Res() response: Response): Promise<void> {
    return send(response, 'findings.csv', 'text/csv; charset=utf-8', csvOf(this.all(filter), this.cameras));
  }

  @Get('findings.geojson')
  @Access('viewer')
  @ApiOperation({ summary: 'Findings as GeoJSON, each at the place of its camera' })
  @ApiProduces('application/geo+json')
  geoJson(@Query() filter: FindingFilterDto, @Res() response: Response): Promise<void> {
    return send(response, 'findings.geojson', 'application/geo+json', geoJsonOf(this.all(filter), this.cameras));
  }

  @Get('findings-coco.zip')
  @Access('viewer')
  @KnownOnly()
  @ApiOperation({
    summary: 'What people judged, as training data: COCO with pictures',
    description: '2,000 pictures at most; `is_complete` in annotations.json says whether that was all.',
  })
  @ApiProduces('application/zip')
  coco(@Query() { state: wanted, ...filter }: FindingFilterDto, @Res() response: Response): Promise<void> {
    const state = JUDGED_STATES.filter((state) => wanted?.includes(state) ?? true);
    const findings = this.findings.all({ ...filter, state }, MOST_JUDGED);
    const files = cocoFiles(findings, this.store, this.config.storage.prefix);
    return send(response, 'findings-coco.zip', 'application/zip', zipOf(files));
  }

  private all(filter: FindingFilterDto) {
    return this.findings.all(filter, MOST_EXPORTED);
  }
}

/**
 * What fails before the first piece is answered as any error; later the connection breaks off, so that nobody takes a part for the whole.
 */
async function send(
  response: Response,
  file: string,
  type: string,
  pieces: AsyncGenerator<string | Buffer>,
): Promise<void> {
  const first = await pieces.next();
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename="${file}"`);
  response.setHeader('Cache-Control', 'private, no-store');
  const all = async function* () {
    if (first.done !== true) yield first.value;
    yield* pieces;
  };
  try {
    await pipeline(Readable.from(all(), { objectMode: true }), response);
  } catch {
    response.destroy();
  }
}
