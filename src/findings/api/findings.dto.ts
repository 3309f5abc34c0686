import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { DamageClass, Severity } from '../../damage/damage-detector.js';
import type { FindingFilter } from '../review/finding-list.js';
import type { MissedDamage } from '../review/finding-desk.js';
import type { Verdict } from '../review/decide.js';
import {
  ANSWERS,
  DECISIONS,
  FINDING_STATES,
  REASONS,
  type Answer,
  type Decision,
  type FindingState,
  type Reason,
} from '../finding.js';
import { PageCursor, PageLimit } from '../../http/answers/page.dto.js';

const CLASSES: readonly DamageClass[] = ['D00', 'D10', 'D20', 'D40', 'crack', 'damage'];
const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high'];
const CAMERA = /^[A-Za-z0-9._-]{1,128}$/;
const CAMERA_RULE = { message: 'cctvId must be 1 to 128 of letters, digits, ".", "_" and "-"' };
/** Findings that one call reviews. */
export const MOST_REVIEWED = 1_000;
const LONGEST_NOTE = 1_000;
const LONGEST_REF = 100;

/** The id of a finding in a path. */
export class FindingIdDto {
  @ApiProperty({ example: '5f1c0a9be2d34c77a1b0' })
  @Matches(/^[0-9a-f]{1,64}$/, { message: 'id must be that of a finding: hexadecimal digits' })
  id!: string;
}

/** The name of a camera in a path. */
export class FindingCameraDto {
  @ApiProperty({ example: 'cctv_001' })
  @Matches(CAMERA, CAMERA_RULE)
  cctvId!: string;
}

/** Which findings. */
export class FindingFilterDto implements FindingFilter {
  @ApiPropertyOptional({ enum: FINDING_STATES, isArray: true, description: 'Several by commas' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(FINDING_STATES, { each: true, message: `state must be some of: ${FINDING_STATES.join(', ')}` })
  state?: FindingState[];

  @ApiPropertyOptional({ example: 'cctv_001' })
  @IsOptional()
  @Matches(CAMERA, CAMERA_RULE)
  cctvId?: string;

  @ApiPropertyOptional({ enum: CLASSES })
  @IsOptional()
  @IsIn(CLASSES)
  class?: DamageClass;

  @ApiPropertyOptional({ enum: SEVERITIES })
  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity;

  @ApiPropertyOptional({ description: 'Of cameras of this road, as CAMERAS_FILE names it' })
  @IsOptional()
  @IsString()
  @MaxLength(120)
  road?: string;

  @ApiPropertyOptional({ description: 'Of cameras with this tag' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  tag?: string;
}

/** A page of them. */
export class FindingsDto extends FindingFilterDto {
  @PageLimit(200, 50)
  limit = 50;

  @PageCursor()
  cursor?: string;
}

/** What a person decides. */
export class DecisionDto implements Verdict {
  @ApiProperty({ enum: DECISIONS })
  @IsIn(DECISIONS)
  decision!: Decision;

  @ApiPropertyOptional({ enum: ANSWERS, description: 'With accept: what it is' })
  @IsOptional()
  @IsIn(ANSWERS)
  answer?: Answer;

  @ApiPropertyOptional({ enum: REASONS, description: 'With reject: what it is instead' })
  @IsOptional()
  @IsIn(REASONS)
  reason?: Reason;

  @ApiPropertyOptional({ maxLength: LONGEST_NOTE, description: 'Stays if left out; an empty one takes it away' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NOTE)
  note?: string;

  @ApiPropertyOptional({ maxLength: LONGEST_REF, description: 'Of a work order; the same' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_REF)
  ref?: string;
}

/** A review of one finding. */
export class ReviewFindingDto extends DecisionDto {
  @ApiProperty({ description: 'Of the finding that was looked at' })
  @IsInt()
  version!: number;
}

/** Which version is taken back. */
export class UndoReviewDto {
  @ApiProperty({ description: 'Of the finding that was looked at' })
  @IsInt()
  version!: number;
}

/** A review of all that a filter names. */
export class ReviewManyDto extends DecisionDto {
  @ApiProperty({ type: FindingFilterDto })
  @IsObject()
  @ValidateNested()
  @Type(() => FindingFilterDto)
  filter!: FindingFilterDto;

  @ApiProperty({ minimum: 0, maximum: MOST_REVIEWED, description: 'How many that are, as the person saw it' })
  @IsInt()
  @Min(0)
  @Max(MOST_REVIEWED)
  expected!: number;
}

/** A place in a picture. */
class DrawnBoxDto {
  @ApiProperty({ minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  x!: number;

  @ApiProperty({ minimum: 0, maximum: 1 })
  @IsNumber()
  @Min(0)
  @Max(1)
  y!: number;

  @ApiProperty({ minimum: 0.001, maximum: 1 })
  @IsNumber()
  @Min(0.001)
  @Max(1)
  width!: number;

  @ApiProperty({ minimum: 0.001, maximum: 1 })
  @IsNumber()
  @Min(0.001)
  @Max(1)
  height!: number;
}

/** A damage that no detector saw. */
export class MissedFindingDto implements MissedDamage {
  @ApiProperty({ enum: CLASSES })
  @IsIn(CLASSES)
  class!: DamageClass;

  @ApiProperty({ description: 'Shares of the picture' })
  @IsObject()
  @ValidateNested()
  @Type(() => DrawnBoxDto)
  box!: DrawnBoxDto;

  @ApiPropertyOptional({ maxLength: LONGEST_NOTE })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_NOTE)
  note?: string;

  @ApiPropertyOptional({ description: 'The job whose picture it was drawn on' })
  @IsOptional()
  @Matches(CAMERA, { message: 'jobId must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  jobId?: string;
}
