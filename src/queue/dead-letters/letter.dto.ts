import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { MOST_PER_MINUTE } from './dead-letters.js';
import type { LetterGroup } from './letter-groups.js';
import { IsEntryId } from '../entry-id.dto.js';
import { PageCursor, PageLimit } from '../../http/answers/page.dto.js';

const TEXT = { type: String, nullable: true } as const;
const TIME = { type: String, format: 'date-time', nullable: true } as const;

/** Dead letters of one kind of job. */
class KindOfLetters {
  @ApiPropertyOptional({ example: 'inspection', description: 'The kind of job; inspections if left out' })
  @IsOptional()
  @Matches(/^[a-z][a-z-]{0,31}$/, { message: 'kind must be the name of a kind of job' })
  kind?: string;
}

/** Dead letters with something in common. */
class AlikeLetters extends KindOfLetters {
  @ApiPropertyOptional({ example: 'HLS_TIMEOUT', description: 'Only those with this reason code' })
  @IsOptional()
  @Matches(/^[A-Z0-9_]{1,64}$/, { message: 'code must be a reason code, such as HLS_TIMEOUT' })
  code?: string;

  @ApiPropertyOptional({ example: 'cctv_001', description: 'Only those of this camera' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,128}$/, { message: 'cctvId must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  cctvId?: string;
}

/** Which page of which dead letters to list. */
export class LetterQueryDto extends AlikeLetters {
  @PageLimit(200, 50)
  limit = 50;

  @PageCursor()
  cursor?: string;
}

/** A dead letter in a path. */
export class LetterIdDto {
  @ApiProperty({ example: '1694000000000-0' })
  @IsEntryId()
  id!: string;
}

/** The kind of a dead letter that is named by its id. */
export class LetterKindDto extends KindOfLetters {}

/** Which dead letters to act on: those with a code, of a camera, or `all`. */
export class LetterFilterDto extends AlikeLetters {
  @ApiPropertyOptional({ enum: [true], description: 'All of the kind' })
  @IsOptional()
  @IsIn([true])
  all?: true;
}

/** Which dead letters to put back: one by its id, or those that a filter names. */
export class RedriveDto extends KindOfLetters {
  @ApiPropertyOptional({ example: '1694000000000-0', description: 'Only this one' })
  @IsOptional()
  @IsEntryId()
  id?: string;

  @ApiPropertyOptional({ type: LetterFilterDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => LetterFilterDto)
  filter?: LetterFilterDto;
}

/** Which dead letters to put back, and how fast. */
export class RedriveAtPaceDto extends RedriveDto {
  @ApiPropertyOptional({
    minimum: 1,
    maximum: MOST_PER_MINUTE,
    example: 30,
    description: 'So many a minute, behind those of an earlier call; all at once if left out',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_PER_MINUTE)
  perMinute?: number;
}

/** What was put back. */
export class RedrivenDto {
  @ApiProperty({ description: 'How many were put back' })
  redriven!: number;

  @ApiPropertyOptional({ ...TIME, description: 'With perMinute: when the last one may run; null when none waits' })
  lastAt?: string | null;

  @ApiPropertyOptional({
    description: 'With perMinute. False: the rest would have waited for more than 7 days and are dead letters still',
  })
  complete?: boolean;
}

/** Which dead letters to delete for good, and how many they are. */
export class PurgeDto extends RedriveDto {
  @ApiProperty({
    minimum: 0,
    example: 214,
    description: 'How many there should be: with another number none is deleted',
  })
  @IsInt()
  @Min(0)
  expect!: number;
}

/** A job that was given up. */
export class LetterDto {
  @ApiProperty({ example: '1694000000000-0', description: 'Its id in the dead-letter stream' })
  id!: string;

  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty({ ...TEXT, example: 'job-1' })
  jobId!: string | null;

  @ApiProperty({ ...TEXT, example: 'cctv_001' })
  cctvId!: string | null;

  @ApiProperty({ example: 'HLS_TIMEOUT' })
  code!: string;

  @ApiProperty({ description: 'What happened, and what to do' })
  message!: string;

  @ApiProperty({ ...TEXT, example: 'capture' })
  step!: string | null;

  @ApiProperty({ description: "Attempts made, the producer's own count included" })
  attempts!: number;

  @ApiProperty({ ...TIME, description: 'When the job first came in' })
  queuedAt!: string | null;

  @ApiProperty({ ...TIME, description: 'When it was given up' })
  failedAt!: string | null;

  @ApiProperty({ description: 'The worker that gave it up' })
  worker!: string;

  @ApiProperty({ example: 'stream:preprocess', description: 'The stream it came from and goes back to' })
  stream!: string;

  @ApiProperty({ description: 'The payload as far as it holds no secret', additionalProperties: { type: 'string' } })
  payload!: Record<string, string>;
}

/** Dead letters of one reason code. */
export class LetterGroupDto implements LetterGroup {
  @ApiProperty({ example: 'HLS_TIMEOUT', description: 'Empty for those without one' })
  code!: string;

  @ApiProperty()
  count!: number;

  @ApiProperty({ ...TIME, description: 'When the oldest one was given up' })
  oldestAt!: string | null;

  @ApiProperty(TIME)
  newestAt!: string | null;

  @ApiProperty({ description: 'How many cameras they are of' })
  cameras!: number;

  @ApiProperty({ type: [String], description: 'Some of these, 5 at most' })
  someCameras!: string[];

  @ApiProperty({ description: 'What the newest one says: what happened, and what to do' })
  message!: string;
}

/** Dead letters by reason code. */
export class LetterGroupsDto {
  @ApiProperty({ type: [LetterGroupDto], description: 'The most first' })
  items!: LetterGroupDto[];

  @ApiProperty({ ...TEXT, description: 'Always null: there are few codes' })
  next!: string | null;

  @ApiProperty({ description: 'False: ages and cameras are those of the newest 5,000' })
  complete!: boolean;
}

/** A page of dead letters. */
export class LettersDto {
  @ApiProperty({ type: [LetterDto], description: 'Newest first' })
  items!: LetterDto[];

  @ApiProperty({ ...TEXT, description: 'The cursor of the next page; null when there is none' })
  next!: string | null;

  @ApiProperty({ description: 'Letters that were looked at; 5,000 at most' })
  scanned!: number;

  @ApiProperty({ description: 'False: it stopped since it had looked at enough, not since there are no more' })
  complete!: boolean;
}
