import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const KIND = /^[a-z][a-z-]{0,31}$/;
const AGE = { type: Number, nullable: true } as const;

/** Of which kind of job; without one, of all. */
export class QueueFilterDto {
  @ApiPropertyOptional({ description: 'The name of a kind of job; all kinds if left out' })
  @IsOptional()
  @Matches(KIND, { message: 'kind must be the name of a kind of job' })
  kind?: string;
}

/** The kind of job in a path. */
export class QueueKindDto {
  @ApiProperty({ example: 'inspection' })
  @Matches(KIND, { message: 'kind must be the name of a kind of job' })
  kind!: string;
}

/** The jobs of one stream. */
export class LaneNumbersDto {
  @ApiProperty({ enum: ['urgent', 'normal'] })
  priority!: 'urgent' | 'normal';

  @ApiProperty({ example: 'stream:preprocess' })
  stream!: string;

  @ApiProperty({ description: 'Jobs that no worker was given yet' })
  undelivered!: number;

  @ApiProperty({ description: 'Jobs that a worker has in hand, or had until it died' })
  running!: number;

  @ApiProperty({ description: 'Jobs that were tried or released, and wait until they come due' })
  waiting!: number;

  @ApiProperty({ description: 'All of these: what to scale by' })
  demand!: number;

  @ApiProperty({ ...AGE, description: 'How long ago the oldest undelivered job was queued, ms' })
  oldestUndeliveredMs!: number | null;

  @ApiProperty({
    ...AGE,
    description: 'For how long the first of those that wait is due by now, ms; null while none is',
  })
  oldestDueMs!: number | null;
}

/** The jobs of a kind that were given up. */
export class DeadNumbersDto {
  @ApiProperty()
  total!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { HLS_TIMEOUT: 3 },
    description: 'By reason code, together the total; what is not counted by code yet, and codes beyond 64, as OTHER',
  })
  byCode!: Record<string, number>;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the oldest one was given up' })
  oldestAt!: string | null;
}

/** A group that reads the results. */
export class ResultsReaderDto {
  @ApiProperty({ example: 'ledger' })
  group!: string;

  @ApiProperty({
    ...AGE,
    description: 'How long ago the oldest result was published that the group has not marked as done, ms',
  })
  oldestUnreadMs!: number | null;
}

/** The queue of one kind of job. */
export class QueueDto {
  @ApiProperty({ example: 'inspection' })
  kind!: string;

  @ApiProperty({ example: 'workers', description: 'The consumer group' })
  group!: string;

  @ApiProperty({ description: 'Jobs that need a worker, in all lanes: what to scale by' })
  demand!: number;

  @ApiProperty({ type: [LaneNumbersDto], description: 'The most urgent first' })
  lanes!: LaneNumbersDto[];

  @ApiProperty()
  deadLetters!: DeadNumbersDto;

  @ApiProperty({ type: [ResultsReaderDto], description: 'Those who read the results; 20 at most' })
  readers!: ResultsReaderDto[];
}

/** The queues of all kinds. */
export class QueuesDto {
  @ApiProperty({ type: [QueueDto] })
  items!: QueueDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: there are few kinds' })
  next!: string | null;
}
