import type { Redis } from 'ioredis';
import { producersOf, type ProducedJob } from '../../test/fixtures/spring/producers.js';

/** Where jobs go. */
export interface Entrance {
  readonly redis: Redis;
  /** The urgent lane first. */
  readonly lanes: readonly [urgent: string, normal: string];
  readonly api: string;
  /** An operator's, where one is set. */
  readonly token: string | undefined;
}

/** A way in which producers hand jobs over. Resolves once the job is accepted. */
export interface Format {
  readonly name: string;
  send(job: ProducedJob, entrance: Entrance): Promise<void>;
}

/** Of so many jobs in the stream one is urgent. */
const URGENT_EVERY = 10;
const ANSWERS_WITHIN_MS = 10_000;
const ANY_JOB: ProducedJob = { jobId: 'a', cctvId: 'a', hls: 'http://a/', sec: 1, attempt: 0, enqueuedAt: 0 };

let written = 0;

/** Every form in which the service reads a job: all that Spring producers write into the stream, and calls over HTTP. */
export const FORMATS: readonly Format[] = [
  ...producersOf(ANY_JOB).flatMap(({ producer, expected }, i): Format[] =>
    expected === true ? [{ name: producer, send: (job, entrance) => write(job, i, entrance) }] : [],
  ),
  { name: 'PUT /api/v1/jobs/{id}', send: (job, entrance) => call('PUT', `jobs/${job.jobId}`, bodyOf(job), entrance) },
  {
    name: 'POST /api/v1/jobs',
    send: (job, entrance) => call('POST', 'jobs', { id: job.jobId, ...bodyOf(job) }, entrance),
  },
  {
    name: 'POST /api/v1/jobs/batch',
    send: async (job, entrance) => call('POST', 'jobs/batch', { jobs: [{ id: job.jobId, ...bodyOf(job) }] }, entrance),
  },
];

async function write(job: ProducedJob, at: number, { redis, lanes }: Entrance): Promise<void> {
  const { entry } = producersOf(job)[at] ?? {};
  written += 1;
  const lane = lanes[written % URGENT_EVERY === 0 ? 0 : 1];
  await redis.xadd(lane, '*', ...(entry ?? []));
}

const bodyOf = ({ cctvId, hls, sec }: ProducedJob): object => ({ cctvId, hls, sec });

async function call(method: string, path: string, body: object, { api, token }: Entrance): Promise<void> {
  const answer = await fetch(`${api}/api/v1/${path}`, {
    method,
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  // A batch is answered 200 whatever becomes of its items.
  const { items = [] } = answer.ok ? (JSON.parse(text) as { items?: { status: number }[] }) : {};
  if (answer.ok && items.every(({ status }) => status < 300)) return;
  throw new Error(`${method} /api/v1/${path} was answered ${answer.status}: ${text.slice(0, 300)}`);
}
