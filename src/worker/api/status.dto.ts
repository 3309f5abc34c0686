import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';

/** How many jobs may run at once, and how many do. */
export class ConcurrencyStatusDto {
  @ApiProperty({ example: 2 })
  limit!: number;

  @ApiProperty({ example: 1, description: 'Slots taken, work on request included' })
  inUse!: number;
}

/** A job in hand. */
export class JobStatusDto {
  @ApiProperty({ example: '1694000000000-0' })
  jobId!: string;

  @ApiProperty({ type: String, nullable: true, example: 'cctv_001' })
  cctvId!: string | null;

  @ApiProperty({ example: 1 })
  attempt!: number;

  @ApiProperty({ type: String, nullable: true, example: 'capture' })
  step!: string | null;

  @ApiProperty({ description: 'Since it was claimed, ms', example: 4200 })
  ageMs!: number;

  @ApiProperty({ example: 'stream:preprocess' })
  stream!: string;

  @ApiProperty({ example: '1694000000000-0' })
  entryId!: string;
}

/** The guard that holds jobs back while a GPU is short of memory. */
export class GpuStatusDto {
  @ApiProperty()
  enabled!: boolean;

  @ApiProperty({ description: 'GPUs whose free memory is known' })
  gpus!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Free memory of the GPU that has least' })
  leastFreeMb!: number | null;

  @ApiProperty({ example: 1024 })
  minFreeMb!: number;
}

/** One stream that jobs come from. */
export class StreamStatusDto {
  @ApiProperty({ example: 'stream:preprocess' })
  stream!: string;

  @ApiProperty({ description: 'Entries in the stream, acknowledged ones that were not trimmed yet included' })
  length!: number;

  @ApiProperty({ description: 'Entries not delivered yet' })
  lag!: number;

  @ApiProperty({ description: 'Entries delivered and not acknowledged' })
  pending!: number;

  @ApiProperty({ description: 'lag and pending together: what to scale by' })
  demand!: number;

  @ApiProperty({ description: 'Of the pending, those that wait for a retry or for any worker' })
  waiting!: number;

  @ApiProperty({ description: 'Of the pending, those that a worker has in hand, or had until it died' })
  running!: number;

  @ApiProperty({ description: 'Age of the oldest pending entry, ms; what waits for a retry or a camera counts, too' })
  oldestPendingMs!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Age of the oldest entry not delivered yet, ms' })
  oldestUndeliveredMs!: number | null;

  @ApiProperty({ type: Number, nullable: true, description: 'For how long the first that waits is due by now, ms' })
  oldestDueMs!: number | null;
}

/** Another member of the group. */
export class ConsumerStatusDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  stream!: string;

  @ApiProperty()
  pending!: number;

  @ApiProperty({ description: 'Since it last talked to Redis, ms' })
  idleMs!: number;
}

/** A camera that failed lately. */
export class CameraStatusDto {
  @ApiProperty({ example: 'cctv_001' })
  cctvId!: string;

  @ApiProperty({
    enum: ['failing', 'down', 'testing'],
    description: 'down: its jobs wait; testing: one may try it now',
  })
  state!: 'failing' | 'down' | 'testing';

  @ApiProperty({ description: 'Failures in a row' })
  failures!: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Until it is tried again, ms' })
  retryInMs!: number | null;
}

/** The engine of one kind of job, and its group. */
export class EngineStatusDto {
  @ApiProperty({ enum: ['running', 'paused', 'draining'] })
  state!: 'running' | 'paused' | 'draining';

  @ApiProperty({ description: 'Whether new jobs are claimed now' })
  claiming!: boolean;

  @ApiProperty({ type: [String], description: 'Why nothing is claimed; empty when jobs are' })
  heldBackBecause!: string[];

  @ApiProperty()
  consumer!: string;

  @ApiProperty({ example: 'workers' })
  group!: string;

  @ApiProperty()
  concurrency!: ConcurrencyStatusDto;

  @ApiProperty({ type: [JobStatusDto], description: 'Oldest first' })
  jobs!: JobStatusDto[];

  @ApiProperty({ type: [CameraStatusDto], description: 'Cameras that failed lately' })
  cameras!: CameraStatusDto[];

  @ApiProperty({ type: Number, nullable: true, description: 'ms that Redis has been away; null while it is there' })
  redisAwayMs!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Entries of all streams; null while Redis does not answer',
  })
  streamLength!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  lag!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  pending!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'lag and pending together: jobs that need a worker now or soon. What to scale by',
  })
  demand!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  dlqLength!: number | null;

  @ApiProperty({ type: [StreamStatusDto], description: 'The same, stream by stream, the most urgent first' })
  streams!: StreamStatusDto[];

  @ApiProperty({ type: [ConsumerStatusDto], description: 'The other members of the group' })
  otherConsumers!: ConsumerStatusDto[];
}

/**
 * This worker: what its main engine does, which is the one that runs inspections or the only one there is, and what its
 * other engines do.
 */
@ApiExtraModels(EngineStatusDto)
export class WorkerStatusDto extends EngineStatusDto {
  @ApiProperty()
  gpuGuard!: GpuStatusDto;

  @ApiProperty({ type: [String], description: 'What Redis refuses although it answers, a sentence each' })
  redisRefuses!: string[];

  @ApiProperty({ type: [String], example: ['inspect', 'assess'], description: 'What this process does' })
  roles!: string[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(EngineStatusDto) },
    description: 'The other engines of this process by kind of job',
  })
  kinds!: Record<string, EngineStatusDto>;
}
