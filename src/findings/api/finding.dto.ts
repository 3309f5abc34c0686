import { ApiProperty } from '@nestjs/swagger';
import type { DamageClass, Detection, Severity } from '../../damage/damage-detector.js';
import type { FindingCounts } from '../review/finding-list.js';
import {
  ANSWERS,
  DECISIONS,
  FINDING_STATES,
  REASONS,
  type Answer,
  type Finding,
  type FindingState,
  type Opinion,
  type Reason,
  type Reopening,
  type Review,
} from '../finding.js';

const TIME = { format: 'date-time' } as const;
const CLASSES = ['D00', 'D10', 'D20', 'D40', 'crack', 'damage'];
const REOPENINGS = ['grew', 'worse', 'other_kind', 'camera_moved', 'seen_again'];
const NUMBER = { type: Number, nullable: true } as const;
const TEXT = { type: String, nullable: true } as const;

/** A rectangle in shares of the picture. */
export class ShareBoxDto {
  @ApiProperty({ example: 0.4 })
  x!: number;

  @ApiProperty({ example: 0.6 })
  y!: number;

  @ApiProperty({ example: 0.05 })
  width!: number;

  @ApiProperty({ example: 0.03 })
  height!: number;
}

/** Which detector saw it. */
export class FindingDetectorDto {
  @ApiProperty({ example: 'road-damage' })
  name!: string;

  @ApiProperty({ example: '2' })
  version!: string;
}

/** What was said of a finding. */
export class OpinionDto implements Opinion {
  @ApiProperty({ enum: FINDING_STATES })
  state!: FindingState;

  @ApiProperty({ enum: ANSWERS, nullable: true, type: String })
  answer!: Answer | null;

  @ApiProperty({ enum: REASONS, nullable: true, type: String })
  reason!: Reason | null;

  @ApiProperty(TEXT)
  note!: string | null;

  @ApiProperty({ ...TEXT, description: 'Of a work order' })
  ref!: string | null;

  @ApiProperty({ ...TEXT, description: 'The name of the token of who said so' })
  by!: string | null;

  @ApiProperty({ ...TEXT, ...TIME })
  reviewedAt!: string | null;

  @ApiProperty({ enum: REOPENINGS, nullable: true, type: String, description: 'Why it is to be looked at again' })
  reopened!: Reopening | null;
}

/** A damage at a place of a camera. */
export class FindingDto extends OpinionDto implements Finding {
  @ApiProperty({ example: '5f1c0a9be2d34c77a1b0' })
  id!: string;

  @ApiProperty({ example: 'cctv_001' })
  cctvId!: string;

  @ApiProperty({ enum: CLASSES })
  class!: DamageClass;

  @ApiProperty({ description: 'Shares of the picture, 0 to 1' })
  box!: ShareBoxDto;

  @ApiProperty({ enum: ['low', 'medium', 'high'] })
  severity!: Severity;

  @ApiProperty({ minimum: 0, maximum: 1 })
  confidence!: number;

  @ApiProperty(NUMBER)
  areaM2!: number | null;

  @ApiProperty(NUMBER)
  widthM!: number | null;

  @ApiProperty(NUMBER)
  lengthM!: number | null;

  @ApiProperty({ enum: ['operator', 'traffic'], nullable: true, type: String })
  calibration!: Detection['calibration'] | null;

  @ApiProperty(TIME)
  since!: string;

  @ApiProperty(TIME)
  lastSeen!: string;

  @ApiProperty({ ...TEXT, ...TIME })
  goneSince!: string | null;

  @ApiProperty({ description: 'Visits that saw it' })
  seenIn!: number;

  @ApiProperty({ description: 'Conclusive visits since it was first seen' })
  lookedAt!: number;

  @ApiProperty()
  lastJobId!: string;

  @ApiProperty()
  detector!: FindingDetectorDto;

  @ApiProperty({ enum: ['reported', 'unconfirmed'] })
  status!: Finding['status'];

  @ApiProperty({ description: 'A person drew it' })
  missed!: boolean;

  @ApiProperty({ description: 'To be brought with a review; grows with each' })
  version!: number;
}

/** What was done to a finding. */
export class ReviewDto implements Review {
  @ApiProperty(TIME)
  at!: string;

  @ApiProperty({ description: 'The name of the token, or `inspection`' })
  by!: string;

  @ApiProperty({ enum: [...DECISIONS, 'undo', 'missed', 'reopened'] })
  decision!: Review['decision'];

  @ApiProperty({ description: 'What has held since' })
  opinion!: OpinionDto;
}

/** A finding with what was done to it. */
export class FindingWithHistoryDto extends FindingDto {
  @ApiProperty({ type: [ReviewDto], description: 'The newest first; 20 at most' })
  history!: ReviewDto[];
}

/** A page of findings. */
export class FindingPageDto {
  @ApiProperty({ type: [FindingDto] })
  items!: FindingDto[];

  @ApiProperty({ type: String, nullable: true, description: 'The cursor of the next page' })
  next!: string | null;
}

/** How often people agreed with a detector. */
export class JudgedDetectorDto extends FindingDetectorDto {
  @ApiProperty()
  accepted!: number;

  @ApiProperty()
  rejected!: number;

  @ApiProperty({ ...NUMBER, description: 'Accepted of all that were judged, 0 to 1' })
  precision!: number | null;
}

/** What all findings come to. */
export class FindingCountsDto implements FindingCounts {
  @ApiProperty()
  toReview!: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'number' } })
  byState!: Record<FindingState, number>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'number' },
    description: 'Of what is to be looked at',
  })
  bySeverity!: Record<Severity, number>;

  @ApiProperty({ type: [JudgedDetectorDto] })
  detectors!: JudgedDetectorDto[];

  @ApiProperty()
  newSince24h!: number;

  @ApiProperty()
  grownSince24h!: number;

  @ApiProperty()
  goneSince24h!: number;
}

/** What became of many findings. */
export class BulkReviewedDto {
  @ApiProperty()
  reviewed!: number;

  @ApiProperty({ description: 'Changed by somebody else in that moment: they are as they were left' })
  changed!: number;
}
