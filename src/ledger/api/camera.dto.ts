import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, MaxLength } from 'class-validator';
import { CameraAssessmentDto, CameraInspectionDto } from './newest-jobs.dto.js';
import { CAMERA_STATES, type CameraCounts, type CameraState } from './camera-list.js';
import { PageCursor, PageLimit } from '../../http/answers/page.dto.js';

const TEXT = { type: String, nullable: true } as const;
const NUMBER = { type: Number, nullable: true } as const;

const LONGEST_WORD = 200;

/** Which cameras to list, and which page of them. */
export class CameraPageDto {
  @PageLimit(200, 50)
  limit = 50;

  @PageCursor()
  cursor?: string;

  @ApiPropertyOptional({ description: 'Part of its name or its id' })
  @IsOptional()
  @MaxLength(LONGEST_WORD)
  q?: string;

  @ApiPropertyOptional({ description: 'One of its tags' })
  @IsOptional()
  @MaxLength(LONGEST_WORD)
  tag?: string;

  @ApiPropertyOptional({ description: 'Its road' })
  @IsOptional()
  @MaxLength(LONGEST_WORD)
  road?: string;

  @ApiPropertyOptional({
    enum: CAMERA_STATES,
    description: 'failing: its last job failed; down: so often that its jobs wait; stale: not seen for too long',
  })
  @IsOptional()
  @IsIn(CAMERA_STATES)
  state?: CameraState;
}

/** The risk of a camera, made of its last assessments. */
export class CameraRiskDto {
  @ApiProperty({ description: '0 (safe) .. 100' })
  risk!: number;

  @ApiProperty({ description: '0..100, decayed over the last assessments' })
  safetyScore!: number;

  @ApiProperty({ example: 'worse' })
  trend!: string;

  @ApiProperty({ description: 'Whether its scheduled jobs go to the urgent stream now' })
  urgent!: boolean;
}

/** A score that a camera was given. */
export class CameraScoreDto {
  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ description: '0..100' })
  safetyScore!: number;
}

/** Where a camera is. */
export class CameraPlaceDto {
  @ApiProperty({ description: 'Degrees, WGS 84' })
  lat!: number;

  @ApiProperty({ description: 'Degrees, WGS 84' })
  lon!: number;
}

/** Why a camera fails. */
export class CameraFailingDto {
  @ApiProperty({ example: 'HLS_TIMEOUT' })
  code!: string;

  @ApiProperty()
  message!: string;

  @ApiProperty({ format: 'date-time', description: 'When the first of its failures in a row was' })
  since!: string;
}

/** The last look at a camera that could be believed. */
export class LastClearDto {
  @ApiProperty({ example: 'job-1' })
  jobId!: string;

  @ApiProperty({ format: 'date-time', description: 'When the job was queued' })
  at!: string;

  @ApiProperty({ description: 'Names it among the visits of the camera' })
  visit!: string;

  @ApiProperty({ description: 'The address of its picture' })
  picture!: string;
}

/** What is known of a camera from its file and the jobs that finished. */
export class CameraDto {
  @ApiProperty({ example: 'cctv_001' })
  cctvId!: string;

  @ApiProperty({ ...TEXT, description: 'What people call it, as the file says' })
  name!: string | null;

  @ApiProperty({ type: CameraPlaceDto, nullable: true })
  location!: CameraPlaceDto | null;

  @ApiProperty({ ...NUMBER, description: 'Where it looks to, degrees from north' })
  bearing!: number | null;

  @ApiProperty({ ...TEXT, description: 'The road it looks at' })
  road!: string | null;

  @ApiProperty({ type: [String] })
  tags!: string[];

  @ApiProperty({ description: 'Whether the file outlines its road' })
  hasRegion!: boolean;

  @ApiProperty({ description: 'Whether sizes can be told in metres' })
  hasCalibration!: boolean;

  @ApiProperty({ description: 'Whether its video is recorded' })
  recorded!: boolean;

  @ApiProperty({ description: 'Whether it is inspected by the clock' })
  scheduled!: boolean;

  @ApiProperty({ ...NUMBER, description: 'How often' })
  inspectEveryMinutes!: number | null;

  @ApiProperty({ type: CameraInspectionDto, nullable: true })
  inspection!: CameraInspectionDto | null;

  @ApiProperty({ type: CameraAssessmentDto, nullable: true })
  assessment!: CameraAssessmentDto | null;

  @ApiProperty({ type: CameraRiskDto, nullable: true, description: 'null until it was assessed' })
  risk!: CameraRiskDto | null;

  @ApiProperty({ type: CameraFailingDto, nullable: true, description: 'Why its last job failed' })
  failing!: CameraFailingDto | null;

  @ApiProperty({ type: CameraFailingDto, nullable: true, description: 'The same, once its jobs wait for it' })
  down!: CameraFailingDto | null;

  @ApiProperty({ type: LastClearDto, nullable: true })
  lastClear!: LastClearDto | null;

  @ApiProperty({
    description:
      'Not seen for too long: three intervals of its inspections, an hour at least; 24 h if none are scheduled',
  })
  stale!: boolean;
}

/** A camera with the scores its risk is made of. */
export class CameraWithHistoryDto extends CameraDto {
  @ApiProperty({ type: [CameraScoreDto], description: 'The newest first' })
  history!: CameraScoreDto[];
}

/** How many cameras a filter names. */
export class CameraCountsDto implements CameraCounts {
  @ApiProperty({ description: 'Whatever their state' })
  all!: number;

  @ApiProperty({ description: 'Of these, those whose last job failed' })
  failing!: number;

  @ApiProperty({ description: 'Of the failing ones, those whose jobs wait' })
  down!: number;

  @ApiProperty({ description: 'Those that were not seen for too long; some of them may be failing, too' })
  stale!: number;
}

/** A page of cameras. */
export class CameraListDto {
  @ApiProperty({
    type: [CameraDto],
    description: 'Those heard of last first, those that nothing was heard of at the end',
  })
  items!: CameraDto[];

  @ApiProperty({ ...TEXT, description: 'The cursor of the next page; null when there is none' })
  next!: string | null;

  @ApiProperty({ description: 'Of all cameras that the filter names, but for its `state`' })
  counts!: CameraCountsDto;
}
