import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../http/access/access.decorator.js';
import { SucceededBy } from '../http/answers/succeeded.interceptor.js';
import { RedisInterceptor } from '../redis/redis.interceptor.js';
import { AssessmentList, ASSESSMENT_STATUSES } from './assessment-list.js';
import { CameraLedger } from './camera-ledger.js';
import { AssessmentsDto } from './ledger.dto.js';

/** Where assessments stand, and what each worker did of them. */
@ApiTags('assessments')
@Access('viewer')
@UseInterceptors(RedisInterceptor)
@Controller('assessments')
export class AssessmentsController {
  constructor(
    private readonly assessments: AssessmentList,
    private readonly ledger: CameraLedger,
  ) {}

  @Get()
  @SucceededBy('/api/v1/jobs?kind=assessment')
  @ApiOperation({
    deprecated: true,
    summary: 'The waiting, the running, the last completed, the failed; jobs and mean duration by worker',
  })
  async list(@Query() { status, limit }: AssessmentsDto) {
    const wanted = status === undefined ? ASSESSMENT_STATUSES : [status];
    const lists = await Promise.all(
      wanted.map(async (each) => [each, await this.assessments.list(each, limit)] as const),
    );
    const workers = await this.ledger.assessmentTotals();
    return {
      ...Object.fromEntries(lists),
      workers: workers.map(({ lastAt, ...totals }) => ({ ...totals, lastAt: new Date(lastAt).toISOString() })),
    };
  }
}
