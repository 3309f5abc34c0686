import { ApiProperty } from '@nestjs/swagger';
import type { PastRun } from '../../queue/status/past-run.js';
import { JOB_STATES, type JobState } from '../../queue/status/job-record.js';
import type { JobPage } from '../job-list.js';
import type { JobSummary } from '../job-sections.js';
import type { ArtifactLink, JobFailure, JobView, Waiting } from '../job-view.js';

const TIME = '2026-01-01T10:00:00.000Z';

/** Why a job waits, and until when. */
export class WaitingDto implements Waiting {
  @ApiProperty({ example: 'HLS_TIMEOUT' })
  code!: string;

  @ApiProperty({ description: 'What happened, then what to do, if anything' })
  message!: string;

  @ApiProperty({ example: TIME })
  until!: string;

  @ApiProperty({ description: 'Whether the attempt that ended counts' })
  attemptSpent!: boolean;
}

/** Why a job was given up. */
export class JobFailureDto implements JobFailure {
  @ApiProperty({ example: 'HLS_NOT_FOUND' })
  code!: string;

  @ApiProperty({ description: 'What happened, then what to do' })
  message!: string;

  @ApiProperty({ type: String, nullable: true, example: 'capture' })
  step!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Its dead letter; null when it left none' })
  letter!: string | null;
}

/** A file that a job left. */
export class ArtifactLinkDto implements ArtifactLink {
  @ApiProperty({ example: 'damage_result.jpg' })
  name!: string;

  @ApiProperty()
  href!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The same, 320 px wide; null for what is no picture' })
  thumbnail!: string | null;

  @ApiProperty({ example: 'image/jpeg' })
  contentType!: string;
}

/** How long a step took. */
export class StepTimeDto {
  @ApiProperty({ example: 'capture' })
  step!: string;

  @ApiProperty({ example: 20_150 })
  durationMs!: number;
}

/** A run of a job that is over. */
export class PastRunDto implements PastRun {
  @ApiProperty({ description: 'From 1; one that gave its attempt back is replaced by the next of the same number' })
  attempt!: number;

  @ApiProperty()
  worker!: string;

  @ApiProperty({ example: TIME })
  startedAt!: string;

  @ApiProperty({ example: TIME })
  endedAt!: string;

  @ApiProperty({ enum: ['completed', 'failed', 'cancelled', 'retry', 'snooze', 'release'] })
  outcome!: PastRun['outcome'];

  @ApiProperty({ type: String, nullable: true, example: 'HLS_TIMEOUT' })
  code!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What happened, then what to do' })
  message!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The step that it ended in, when it did not complete' })
  step!: string | null;

  @ApiProperty({ type: [StepTimeDto], description: 'In the order in which they ended' })
  steps!: StepTimeDto[];
}

/** Where more of a job is. */
export class JobLinksDto {
  @ApiProperty()
  self!: string;

  @ApiProperty()
  events!: string;

  @ApiProperty()
  cancel!: string;
}

/** What the list of jobs and a job itself both tell. */
class JobFactsDto {
  @ApiProperty({ example: '0199c3f0-5b7a-7cc1-a7a2-5f3b9e6d1c20' })
  id!: string;

  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty({ type: String, nullable: true, example: 'cctv_001' })
  cctvId!: string | null;

  @ApiProperty({ enum: JOB_STATES })
  state!: JobState;

  @ApiProperty({ type: String, nullable: true, description: 'Who runs it, or ran it last' })
  worker!: string | null;

  @ApiProperty({ type: String, nullable: true, example: TIME })
  queuedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: TIME })
  finishedAt!: string | null;
}

/** A job as its client sees it. What is not known is null. */
export class JobDto extends JobFactsDto implements JobView {
  @ApiProperty({ enum: ['normal', 'urgent'] })
  priority!: 'normal' | 'urgent';

  @ApiProperty({ description: 'Grows with each change' })
  version!: number;

  @ApiProperty({ minimum: 0, maximum: 1, description: '1 only once it is completed; never goes back in an attempt' })
  progress!: number;

  @ApiProperty({ type: String, nullable: true, example: 'capture' })
  step!: string | null;

  @ApiProperty({ type: [String], description: 'The steps of its kind, in their order' })
  steps!: string[];

  @ApiProperty({ type: String, nullable: true, example: 'Watching the camera for 20 s.' })
  message!: string | null;

  @ApiProperty({ description: 'From 1; 0 before its first run' })
  attempt!: number;

  @ApiProperty({ type: Number, nullable: true })
  maxAttempts!: number | null;

  @ApiProperty({ type: WaitingDto, nullable: true })
  waiting!: WaitingDto | null;

  @ApiProperty({ type: JobFailureDto, nullable: true })
  failure!: JobFailureDto | null;

  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'What it found, as it was published; numbers are numbers',
  })
  result!: Record<string, string | number | boolean> | null;

  @ApiProperty({ type: [ArtifactLinkDto], description: 'Empty before its end' })
  artifacts!: ArtifactLinkDto[];

  @ApiProperty({ type: [PastRunDto], description: 'Its runs that are over, the last ten, the oldest first' })
  runs!: PastRunDto[];

  @ApiProperty({ type: String, nullable: true, example: TIME })
  startedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: TIME })
  updatedAt!: string | null;

  @ApiProperty()
  links!: JobLinksDto;
}

/** Why a job in a list was given up. */
export class ShortFailureDto {
  @ApiProperty({ example: 'HLS_NOT_FOUND' })
  code!: string;

  @ApiProperty()
  message!: string;
}

/** A job in a list. */
export class JobSummaryDto extends JobFactsDto implements JobSummary {
  @ApiProperty({ enum: ['normal', 'urgent'], nullable: true })
  priority!: 'normal' | 'urgent' | null;

  @ApiProperty({ type: Number, nullable: true })
  attempt!: number | null;

  @ApiProperty({ type: ShortFailureDto, nullable: true })
  failure!: ShortFailureDto | null;

  @ApiProperty({ description: 'Whether GET /api/v1/jobs/{id} knows it' })
  tracked!: boolean;
}

/** A page of jobs. */
export class JobListDto implements JobPage {
  @ApiProperty({ type: [JobSummaryDto] })
  items!: JobSummaryDto[];

  @ApiProperty({ type: String, nullable: true, description: 'The cursor of the next page' })
  next!: string | null;

  @ApiProperty({ description: 'Entries that were looked at' })
  scanned!: number;

  @ApiProperty({ description: 'False: it stopped since it had looked at enough' })
  complete!: boolean;
}
