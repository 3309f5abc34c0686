import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { CctvIdDto } from '../../ledger/ledger.dto.js';
import { PageCursor, PageLimit } from '../../http/answers/page.dto.js';

const NAME = /^\d{8}T\d{6}Z\.mp4$/;
const TEXT = { type: String, nullable: true } as const;

/** Which page of recordings to list. */
export class RecordingPageDto {
  @PageLimit(48, 24)
  limit = 24;

  @PageCursor(NAME)
  cursor?: string;
}

/** A recording in a path. */
export class RecordingPathDto extends CctvIdDto {
  @ApiProperty({ example: '20260101T120000Z.mp4' })
  @Matches(NAME, { message: 'name must be the `name` of a recording in the list' })
  name!: string;
}

/** Something that was seen in a recording. */
export class IncidentDto {
  @ApiProperty({ description: 'Seconds from the beginning' })
  start!: number;

  @ApiProperty({ description: 'Seconds from the beginning' })
  end!: number;

  @ApiProperty({ example: 'collision' })
  kind!: string;

  @ApiProperty({ example: 'high' })
  severity!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty({ description: '0..1' })
  confidence!: number;
}

/** What an assessment says of a recording. */
export class RecordingJudgementDto {
  @ApiProperty()
  jobId!: string;

  @ApiProperty({ description: '0 (dangerous) .. 100 (safe)' })
  safetyScore!: number;

  @ApiProperty()
  summary!: string;

  @ApiProperty({ type: [IncidentDto] })
  incidents!: readonly IncidentDto[];
}

/** A recorded segment of a camera. */
export class RecordingDto {
  @ApiProperty({ example: '20260101T120000Z.mp4' })
  name!: string;

  @ApiProperty({ format: 'date-time' })
  start!: string;

  @ApiProperty()
  bytes!: number;

  @ApiProperty({ ...TEXT, description: 'The address of its video; null while it is written to' })
  video!: string | null;

  @ApiProperty({ type: RecordingJudgementDto, nullable: true, description: 'null where it was not assessed' })
  assessment!: RecordingJudgementDto | null;
}

/** A page of recordings. */
export class RecordingListDto {
  @ApiProperty({ type: [RecordingDto], description: 'The newest first' })
  items!: RecordingDto[];

  @ApiProperty({ ...TEXT, description: 'The cursor of the next page; null when there is none' })
  next!: string | null;
}
