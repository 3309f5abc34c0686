import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, MaxLength, Min } from 'class-validator';
import { CAMERA_STATES, type CameraCounts, type CameraState } from './camera-list.js';

const TEXT = { type: String, nullable: true } as const;
const NUMBER = { type: Number, nullable: true } as const;
const TIME = { type: String, format: 'date-time', nullable: true } as const;

const LONGEST_WORD = 200;

/** Which cameras to list, and which page of them. */
export class CameraPageDto {
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @MaxLength(300)
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

/** What every finished job tells. */
class FinishedJobDto {
  @ApiProperty({ ...TEXT, example: 'job-1' })
  jobId!: string | null;

  @ApiProperty(TIME)
  queuedAt!: string | null;

  @ApiProperty(TIME)
  startedAt!: string | null;

  @ApiProperty(TIME)
  finishedAt!: string | null;

  @ApiProperty(NUMBER)
  attempt!: number | null;

  @ApiProperty(TEXT)
  worker!: string | null;

  @ApiProperty({ ...TEXT, description: 'The folder of its artifacts', example: 'preprocess/cctv_001/job-1/…/' })
  artifacts!: string | null;
}

/** The empty road of an inspection. */
export class InspectedRoadDto {
  @ApiProperty({ ...TEXT, example: 'clear' })
  verdict!: string | null;

  @ApiProperty(TEXT)
  reason!: string | null;

  @ApiProperty({ type: [String] })
  doubts!: string[];

  @ApiProperty(NUMBER)
  askedSeconds!: number | null;

  @ApiProperty(NUMBER)
  watchedSeconds!: number | null;
}

/** The damage that an inspection found. */
export class InspectedDamageDto {
  @ApiProperty(TEXT)
  verdict!: string | null;

  @ApiProperty({ ...NUMBER, description: 'Damages found' })
  detections!: number | null;

  @ApiProperty({ ...NUMBER, description: 'Of these, what an alarm may be raised on' })
  reported!: number | null;

  @ApiProperty({ ...TEXT, example: 'medium' })
  worstSeverity!: string | null;

  @ApiProperty({ ...NUMBER, description: 'Share of the road that is damaged, 0..1' })
  damagedRoadShare!: number | null;

  @ApiProperty(TEXT)
  detector!: string | null;

  @ApiProperty(TEXT)
  detectorVersion!: string | null;
}

/** The newest inspection of a camera. */
export class CameraInspectionDto extends FinishedJobDto {
  @ApiProperty()
  road!: InspectedRoadDto;

  @ApiProperty()
  damage!: InspectedDamageDto;
}

/** The newest assessment of a camera. */
export class CameraAssessmentDto extends FinishedJobDto {
  @ApiProperty(TIME)
  segmentStart!: string | null;

  @ApiProperty(TIME)
  segmentEnd!: string | null;

  @ApiProperty({ ...TEXT, description: 'What was judged: a video or a picture' })
  source!: string | null;

  @ApiProperty({ ...NUMBER, description: '0..100' })
  safetyScore!: number | null;

  @ApiProperty(NUMBER)
  incidents!: number | null;

  @ApiProperty(TEXT)
  worstSeverity!: string | null;

  @ApiProperty(TEXT)
  roadCondition!: string | null;

  @ApiProperty(TEXT)
  summary!: string | null;

  @ApiProperty(TEXT)
  model!: string | null;

  @ApiProperty({ ...NUMBER, description: 'How long it took, ms' })
  durationMs!: number | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether an earlier run had made it' })
  cached!: boolean | null;
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
