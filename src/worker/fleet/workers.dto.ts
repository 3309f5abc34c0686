import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { CONCURRENCY_RANGE } from '../api/concurrency-range.js';
import { KindDto } from '../api/control.dto.js';
import type { ReportedJob, WorkerReport } from './worker-report.js';
import { PageCursor, PageLimit } from '../../http/answers/page.dto.js';

/** A job in hand of a worker. */
export class WorkerJobDto implements ReportedJob {
  @ApiProperty({ example: '1694000000000-0' })
  jobId!: string;

  @ApiProperty({ type: String, nullable: true, example: 'cctv_001' })
  cctvId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'capture' })
  step!: string | null;

  @ApiProperty({ description: '0 to 1', example: 0.42 })
  progress!: number;

  @ApiProperty({ example: 'Watching the camera: 8 of 20 s' })
  message!: string;

  @ApiProperty({ example: 1 })
  attempt!: number;

  @ApiProperty({ description: 'Since it was claimed, ms', example: 4200 })
  ageMs!: number;
}

/** A worker: a process as far as it runs one kind of job. */
export class WorkerDto implements WorkerReport {
  @ApiProperty({ example: 'host-71-a1b2c3' })
  name!: string;

  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty()
  host!: string;

  @ApiProperty({ example: '0.1.0' })
  version!: string;

  @ApiProperty({ type: [String], example: ['inspect'], description: 'What its process does' })
  roles!: readonly string[];

  @ApiProperty({ enum: ['running', 'paused', 'draining'] })
  state!: WorkerReport['state'];

  @ApiProperty({ description: 'Whether new jobs are claimed now' })
  claiming!: boolean;

  @ApiProperty({ description: 'Jobs at once', example: 2 })
  limit!: number;

  @ApiProperty({ description: 'Slots taken, work on request included', example: 1 })
  inUse!: number;

  @ApiProperty({ type: [String], description: 'Why nothing is claimed; empty when jobs are' })
  heldBackBecause!: readonly string[];

  @ApiProperty({ type: [WorkerJobDto], description: 'Oldest first, at most 64' })
  jobs!: readonly WorkerJobDto[];

  @ApiProperty({ description: 'How late its event loop ran, ms: the 99th percentile of the last minutes' })
  loopDelayMs!: number;

  @ApiProperty({ description: 'When it said so: once a second', example: '2026-01-01T10:00:00.000Z' })
  at!: string;
}

/** A page of workers. */
export class WorkersDto {
  @ApiProperty({ type: [WorkerDto] })
  items!: WorkerDto[];

  @ApiProperty({ type: String, nullable: true, description: 'The cursor of the next page; null on the last one' })
  next!: string | null;
}

/** What became of an order to all workers. */
export class SteeredDto {
  @ApiProperty({ type: [WorkerDto], description: 'Those that carried it out, as they are now' })
  items!: WorkerDto[];

  @ApiProperty({ type: [String], description: 'Names of those that have not said so yet' })
  pending!: string[];
}

/** Which workers to list. */
export class WorkerPageDto extends KindDto {
  @PageLimit(1000, 100)
  limit = 100;

  @PageCursor(/^[\w-]{1,400}$/)
  cursor?: string;
}

/** A worker's name in a path. */
export class WorkerNameDto {
  @ApiProperty({ example: 'host-71-a1b2c3' })
  @Matches(/^[\w.-]{1,300}$/, { message: 'name must be the name of a worker, as the list has it' })
  name!: string;
}

/** What to change of a worker. */
export class ChangeWorkerDto {
  @ApiPropertyOptional({ minimum: CONCURRENCY_RANGE.min, maximum: CONCURRENCY_RANGE.max, description: 'Jobs at once' })
  @IsOptional()
  @IsInt()
  @Min(CONCURRENCY_RANGE.min)
  @Max(CONCURRENCY_RANGE.max)
  concurrency?: number;

  @ApiPropertyOptional({ description: 'Takes no new job; running ones go on' })
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}
