import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { EVENT_TYPES, type EventType } from './road-event.js';

/** Which events to be told of. */
export class EventsDto {
  @ApiPropertyOptional({
    enum: EVENT_TYPES,
    isArray: true,
    description: 'Only these, separated by commas; all if left out. `resync` always comes',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(EVENT_TYPES, { each: true, message: `types must be some of: ${EVENT_TYPES.join(', ')}` })
  types?: EventType[];

  @ApiPropertyOptional({ example: 'cctv_001', description: 'Only those about this camera' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,128}$/, { message: 'cctvId must be 1 to 128 of letters, digits, ".", "_" and "-"' })
  cctvId?: string;

  @ApiPropertyOptional({
    example: '1694000000000-0~0-0',
    description: 'Goes on after this event; for clients that cannot send the header Last-Event-ID',
  })
  @IsOptional()
  lastEventId?: string;
}

/** The data of the events `job.…`; fields that are not known are left out or null. */
export class JobEventDto {
  @ApiProperty({ example: '0199c3d2-7a1f-7000-8000-000000000001' })
  jobId!: string;

  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty({ type: String, nullable: true, example: 'cctv_001' })
  cctvId!: string | null;

  @ApiProperty({ enum: ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] })
  state!: string;

  @ApiPropertyOptional({ description: 'Counts the changes of the job: of two events the higher one is the later one' })
  version?: number;

  @ApiPropertyOptional({ example: 1 })
  attempt?: number;

  @ApiPropertyOptional({ type: Number, nullable: true, description: '0 to 1', example: 0.42 })
  progress?: number | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'capture' })
  step?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'Watching the camera: 8 of 20 s' })
  message?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'With job.waiting: why and until when it waits: {code, message, until}',
  })
  waiting?: object | null;

  @ApiPropertyOptional({
    type: 'object',
    nullable: true,
    additionalProperties: true,
    description: 'With job.failed and job.cancelled: {code, message}',
  })
  failure?: object | null;
}

/** The data of `camera.updated`: a job of the camera finished, and what is known of it has changed. */
export class CameraEventDto {
  @ApiProperty({ example: 'cctv_001' })
  cctvId!: string;

  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty()
  jobId!: string;
}

/** The data of `worker.changed`. */
export class WorkerEventDto {
  @ApiProperty({ example: 'host-71-a1b2c3' })
  name!: string;

  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty({ enum: ['running', 'paused', 'draining', 'gone'] })
  state!: string;

  @ApiProperty({ description: 'Jobs at once' })
  limit!: number;
}

/** The data of `queue.changed`. */
export class QueueEventDto {
  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty({ description: 'Whether no worker takes jobs of this kind, since somebody said so' })
  paused!: boolean;
}

/** The data of `finding.updated`: it is new, gone, reviewed, opened again, or worse or milder than it was. */
export class FindingEventDto {
  @ApiProperty({ example: '5f1c0a9be2d34c77a1b0' })
  id!: string;

  @ApiProperty({ example: 'cctv_001' })
  cctvId!: string;

  @ApiProperty({ enum: ['open', 'accepted', 'rejected', 'repaired', 'came_back'] })
  state!: string;

  @ApiProperty()
  version!: number;

  @ApiProperty({ enum: ['low', 'medium', 'high'] })
  severity!: string;
}
