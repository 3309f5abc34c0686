import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { JOB_STATES, type JobState } from '../../queue/status/job-record.js';
import { PageCursor, PageLimit } from '../../http/answers/page.dto.js';

const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/;

/** A job's name in a path. */
export class JobNameDto {
  @ApiProperty({ example: '0199c3f0-5b7a-7cc1-a7a2-5f3b9e6d1c20' })
  @Matches(NAME, { message: 'id must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  id!: string;
}

/** What a client asks for; beside these, the fields of the kind. Described here, read by `readWish`. */
export class JobRequestDto {
  @ApiPropertyOptional({ example: 'inspection', description: 'inspection if left out' })
  kind?: string;

  @ApiPropertyOptional({ description: 'A name of yours, with POST; one is given if left out' })
  id?: string;

  @ApiPropertyOptional({ enum: ['normal', 'urgent'], default: 'normal' })
  priority?: string;

  @ApiProperty({ example: 'cctv_001' })
  cctvId!: string;

  @ApiPropertyOptional({ description: 'inspection: the playlist; may be left out for a camera of CAMERAS_FILE' })
  hls?: string;

  @ApiPropertyOptional({ description: 'inspection: seconds to watch', example: 20 })
  sec?: number;

  @ApiPropertyOptional({ description: 'assessment: when the segment began', example: '2026-01-01T10:00:00Z' })
  segmentStart?: string;

  @ApiPropertyOptional({ description: 'assessment: when it ended' })
  segmentEnd?: string;

  @ApiPropertyOptional({ description: 'assessment: the recording, below SEGMENTS_DIR, a URL, or artifact:<name>' })
  video?: string;

  @ApiPropertyOptional({ description: 'assessment: a stored picture instead of a video' })
  image?: string;

  @ApiPropertyOptional({ description: 'A URL to call when the job has ended; docs/webhooks.md' })
  webhook?: string;
}

/** Several jobs at once. */
export class BatchDto {
  @ApiProperty({ type: [JobRequestDto], maxItems: 500 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  jobs!: unknown[];
}

/** Which jobs to list. */
export class JobPageDto {
  @ApiPropertyOptional({ enum: JOB_STATES })
  @IsOptional()
  @IsIn(JOB_STATES)
  state?: JobState;

  @ApiPropertyOptional({ example: 'inspection' })
  @IsOptional()
  @Matches(/^[a-z][a-z-]{0,31}$/, { message: 'kind must be the name of a kind of job' })
  kind?: string;

  @ApiPropertyOptional({ example: 'cctv_001' })
  @IsOptional()
  @Matches(NAME, { message: 'cctvId must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  cctvId?: string;

  @ApiPropertyOptional({ example: 'HLS_TIMEOUT', description: 'Failed ones with this code' })
  @IsOptional()
  @Matches(/^[A-Z0-9_]{1,64}$/, { message: 'code must be a reason code, such as HLS_TIMEOUT' })
  code?: string;

  @ApiPropertyOptional({ enum: ['normal', 'urgent'] })
  @IsOptional()
  @IsIn(['normal', 'urgent'])
  priority?: 'normal' | 'urgent';

  @ApiPropertyOptional({ description: 'Queued or ended since then', example: '2026-01-01T10:00:00Z' })
  @IsOptional()
  @IsISO8601({ strict: true })
  since?: string;

  @PageLimit(200, 50)
  limit = 50;

  @PageCursor()
  cursor?: string;
}
