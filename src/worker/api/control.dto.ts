import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { IsEntryId } from '../../queue/entry-id.dto.js';
import { CONCURRENCY_RANGE } from './concurrency-range.js';

/** Which kind of job a call is for. */
export class KindDto {
  @ApiPropertyOptional({ description: 'The name of a kind of job' })
  @IsOptional()
  @Matches(/^[a-z][a-z-]{0,31}$/, { message: 'kind must be the name of a kind of job' })
  kind?: string;
}

/** The wanted number of jobs at once, in the query or in the body. Without a kind: of inspections, or of what runs. */
export class ConcurrencyDto extends KindDto {
  @ApiPropertyOptional({ minimum: CONCURRENCY_RANGE.min, maximum: CONCURRENCY_RANGE.max, example: 2 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(CONCURRENCY_RANGE.min)
  @Max(CONCURRENCY_RANGE.max)
  n?: number;
}

/** Whom a pause is for: the worker that is asked, or every worker of its group. */
export type PauseScope = 'worker' | 'group';

/** Whom to pause or resume; without a kind, all kinds of jobs. */
export class ScopeDto extends KindDto {
  @ApiPropertyOptional({ enum: ['worker', 'group'], default: 'worker' })
  @IsIn(['worker', 'group'])
  scope: PauseScope = 'worker';
}

/** A job's name in a path. */
export class JobIdDto {
  @ApiProperty({ example: '1694000000000-0' })
  @Matches(/^[A-Za-z0-9._-]{1,128}$/, { message: 'jobId must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  jobId!: string;
}

/** Which dead letters to act on: one of these, or `all`. Without a kind: of inspections. */
export class DeadLetterFilterDto extends KindDto {
  @ApiPropertyOptional({ example: '1694000000000-0', description: 'Only this one' })
  @IsOptional()
  @IsEntryId()
  id?: string;

  @ApiPropertyOptional({ example: 'HLS_TIMEOUT', description: 'Only those with this reason code' })
  @IsOptional()
  @Matches(/^[A-Z0-9_]{1,64}$/, { message: 'code must be a reason code, such as HLS_TIMEOUT' })
  code?: string;

  @ApiPropertyOptional({ enum: ['true'], description: 'All of them' })
  @IsOptional()
  @IsIn(['true'])
  all?: 'true';
}

/** A page of dead letters. Without a kind: of inspections. */
export class DeadLetterPageDto extends KindDto {
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 20 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 20;

  @ApiPropertyOptional({ description: 'Older than this id: the last of the page before' })
  @IsOptional()
  @IsEntryId()
  before?: string;
}
