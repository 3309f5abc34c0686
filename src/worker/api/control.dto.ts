import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** The lowest and highest number of jobs at once. */
export const CONCURRENCY_RANGE = { min: 1, max: 64 } as const;

/** The wanted number of jobs at once, in the query or in the body. */
export class ConcurrencyDto {
  @ApiPropertyOptional({ minimum: CONCURRENCY_RANGE.min, maximum: CONCURRENCY_RANGE.max, example: 2 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(CONCURRENCY_RANGE.min)
  @Max(CONCURRENCY_RANGE.max)
  n?: number;
}
