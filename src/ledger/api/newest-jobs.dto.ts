import { ApiProperty } from '@nestjs/swagger';

const TEXT = { type: String, nullable: true } as const;
const NUMBER = { type: Number, nullable: true } as const;
const TIME = { type: String, format: 'date-time', nullable: true } as const;

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
