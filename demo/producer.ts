import type { Redis } from 'ioredis';
import type { NamedJob } from '../src/artifacts/artifact-names.js';

/** The default of REDIS_STREAM. */
const STREAM = 'stream:preprocess';

/** A job as a back end thinks of it. */
export interface SampleJob extends NamedJob {
  hls: string;
  /** s */
  sec: number;
}

/** One way in which Spring producers write the same job. */
export interface Shape {
  name: string;
  fields: (job: SampleJob) => string[];
}

const quoted = (value: string): string => JSON.stringify(value);

/** `StringRedisTemplate`, a template with a JSON serializer, and the whole job as JSON in one field. */
export const SHAPES: readonly Shape[] = [
  {
    name: 'plain strings (StringRedisTemplate)',
    fields: (job) => pairs(job, String),
  },
  {
    name: 'JSON values (GenericJackson2JsonRedisSerializer)',
    fields: (job) => pairs(job, quoted),
  },
  {
    name: 'one JSON object in "payload"',
    fields: (job) => ['payload', JSON.stringify(job)],
  },
];

function pairs({ cctvId, hls, sec, jobId, enqueuedAt }: SampleJob, text: (value: string) => string): string[] {
  const numbers = ['sec', String(sec), 'attempt', '0', 'enqueuedAt', String(enqueuedAt)];
  return ['cctvId', text(cctvId), 'hls', text(hls), 'jobId', text(jobId), ...numbers];
}

/** Puts a job on the stream. */
export async function send(redis: Redis, job: SampleJob, shape: Shape): Promise<void> {
  await redis.xadd(STREAM, '*', ...shape.fields(job));
}

/** The reasons for which jobs were set aside, as the dead-letter stream tells them. */
export async function setAside(redis: Redis): Promise<string[]> {
  const entries = await redis.xrange(`${STREAM}:dlq`, '-', '+');
  return entries.map(([, fields]) => fields.join(' '));
}
