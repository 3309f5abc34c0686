import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Access } from '../../http/access/access.decorator.js';
import { callerOf } from '../../http/access/caller.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { findingOf, type KeptReview, type StoredFinding } from '../finding.js';
import { FindingDesk } from '../review/finding-desk.js';
import { FindingList } from '../review/finding-list.js';
import { ReviewChangedError } from '../review/refusals.js';
import {
  BulkReviewedDto,
  FindingCountsDto,
  FindingDto,
  FindingPageDto,
  FindingWithHistoryDto,
  type ReviewDto,
} from './finding.dto.js';
import {
  FindingCameraDto,
  FindingIdDto,
  FindingsDto,
  MissedFindingDto,
  MOST_REVIEWED,
  ReviewFindingDto,
  ReviewManyDto,
  UndoReviewDto,
} from './findings.dto.js';

/** Findings, and what people say of them. */
@ApiTags('findings')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1')
export class FindingsController {
  constructor(
    private readonly findings: FindingList,
    private readonly desk: FindingDesk,
  ) {}

  @Get('findings')
  @Access('viewer')
  @ApiOperation({ summary: 'Findings: what is to be looked at first, the worst of it first, then the oldest' })
  @ApiOkResponse({ type: FindingPageDto })
  async list(@Query() { limit, cursor, ...filter }: FindingsDto): Promise<FindingPageDto> {
    const { items, next } = await this.findings.page(filter, limit, cursor);
    return { items: items.map(findingOf), next };
  }

  @Get('findings/counts')
  @Access('viewer')
  @ApiOperation({ summary: 'How many there are, and how often people agreed with each detector' })
  @ApiOkResponse({ type: FindingCountsDto })
  counts(): Promise<FindingCountsDto> {
    return this.findings.counts();
  }

  @Get('findings/:id')
  @Access('viewer')
  @ApiOperation({ summary: 'A finding, with what was said of it' })
  @ApiOkResponse({ type: FindingWithHistoryDto })
  async get(@Param() { id }: FindingIdDto): Promise<FindingWithHistoryDto> {
    const stored = await this.desk.get(id);
    return { ...findingOf(stored), history: stored.history.map(reviewDto) };
  }

  @Post('findings/:id/review')
  @HttpCode(200)
  @Access('inspector')
  @ApiOperation({ summary: 'Says what a person thinks of a finding' })
  @ApiOkResponse({ type: FindingDto })
  @ApiConflictResponse({ description: 'REVIEW_CHANGED: somebody was quicker; `current` is the finding as it is now' })
  review(
    @Param() { id }: FindingIdDto,
    @Body() { version, ...verdict }: ReviewFindingDto,
    @Req() request: Request,
  ): Promise<FindingDto> {
    return told(this.desk.review(id, verdict, version, nameOf(request)));
  }

  @Post('findings/:id/undo')
  @HttpCode(200)
  @Access('inspector')
  @ApiOperation({ summary: 'Takes the last review back' })
  @ApiOkResponse({ type: FindingDto })
  @ApiConflictResponse({ description: 'REVIEW_CHANGED as with a review; NOTHING_TO_UNDO' })
  undo(
    @Param() { id }: FindingIdDto,
    @Body() { version }: UndoReviewDto,
    @Req() request: Request,
  ): Promise<FindingDto> {
    return told(this.desk.undo(id, version, nameOf(request)));
  }

  @Post('findings/review')
  @HttpCode(200)
  @Access('inspector')
  @ApiOperation({ summary: `Says the same of all that a filter names, ${MOST_REVIEWED} at most` })
  @ApiOkResponse({ type: BulkReviewedDto })
  @ApiConflictResponse({ description: 'COUNT_DIFFERS: the filter names another number; `count` says which' })
  async reviewMany(
    @Body() { filter, expected, ...verdict }: ReviewManyDto,
    @Req() request: Request,
  ): Promise<BulkReviewedDto> {
    const named = await this.findings.named(filter, MOST_REVIEWED);
    if (named.length !== expected) throw countDiffers(named.length, expected);
    return this.desk.reviewAll(named, verdict, nameOf(request));
  }

  @Post('cameras/:cctvId/findings')
  @Access('inspector')
  @ApiOperation({ summary: 'Notes a damage that no detector saw' })
  @ApiCreatedResponse({ type: FindingDto })
  missed(
    @Param() { cctvId }: FindingCameraDto,
    @Body() damage: MissedFindingDto,
    @Req() request: Request,
  ): Promise<FindingDto> {
    return told(this.desk.missed(cctvId, damage, nameOf(request)));
  }
}

function reviewDto({ at, by, decision, opinion }: KeptReview): ReviewDto {
  return { at, by, decision, opinion };
}

function nameOf(request: Request): string {
  return callerOf(request)?.name ?? '';
}

async function told(change: Promise<StoredFinding>): Promise<FindingDto> {
  try {
    return findingOf(await change);
  } catch (error) {
    if (!(error instanceof ReviewChangedError)) throw error;
    const { code, message, current } = error;
    throw new ConflictException({ code, message, current });
  }
}

function countDiffers(count: number, expected: number): ConflictException {
  const many = count > MOST_REVIEWED ? `more than ${MOST_REVIEWED}` : String(count);
  const message = `The filter names ${many} findings, not ${expected}: look at the list again, then ask for as many as it says.`;
  return new ConflictException({ code: 'COUNT_DIFFERS', message, count });
}
