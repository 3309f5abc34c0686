import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ASSESSMENT_STATUSES, type AssessmentStatus } from './assessment-list.js';

/** Which assessments to list. */
export class AssessmentsDto {
  @ApiPropertyOptional({ enum: ASSESSMENT_STATUSES, description: 'Only these; all if left out' })
  @IsOptional()
  @IsIn(ASSESSMENT_STATUSES)
  status?: AssessmentStatus;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, default: 10, description: 'Most of each status' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 10;
}

/** How many cameras to list. */
export class CamerasDto {
  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 100 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit = 100;
}

/** A camera's name in a path. */
export class CctvIdDto {
  @ApiProperty({ example: 'cctv_001' })
  @Matches(/^[A-Za-z0-9._-]{1,128}$/, { message: 'cctvId must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  cctvId!: string;
}
