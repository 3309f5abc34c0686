import { objectionToRedisUrl } from '../../redis/redis-url.js';
import { isTimeZone } from '../../job/payload/zone.js';
import { amount, flag, line, redisKey, secret, shaped, unobjected, whole } from './rows.js';

/** Where jobs come from and how they are run. */
export const JOBS = {
  Redis: {
    REDIS_URL: secret(
      unobjected(
        'redis://localhost:6379',
        objectionToRedisUrl,
        'The password may hold : @ and / as they are; a % is written %25. redis://user:password@host:6379/0 Also rediss:// (TLS), redis+sentinel://a:26379,b:26379/master-name, redis+cluster://a:7000,b:7001.',
      ),
    ),
    REDIS_USERNAME: line(undefined, 'Wins over what REDIS_URL says.'),
    REDIS_PASSWORD: secret(line(undefined)),
    REDIS_TLS_CA_FILE: line(
      undefined,
      "PEM file of the authority that signed the server's certificate, when it is not a public one.",
    ),
  },
  Queue: {
    REDIS_STREAM: redisKey('stream:preprocess', 'Preprocess jobs.'),
    REDIS_STREAM_HIGH: redisKey('stream:preprocess:high', 'Urgent jobs: emptied first.'),
    REDIS_DLQ_STREAM: redisKey('stream:preprocess:dlq', 'Where discarded jobs wait for a person.'),
    REDIS_GROUP: redisKey('workers', 'Created if missing, with the stream.'),
    REDIS_BLOCK_MS: whole(5000, { min: 10, max: 60_000, unit: 'milliseconds' }, 'Longest wait of one read.'),
    REDIS_BATCH_COUNT: whole(
      20,
      { min: 1, max: 1000, unit: 'entries' },
      'Most entries in one read; never more than there are free slots.',
    ),
    JOB_MAX_BYTES: whole(
      1_048_576,
      { min: 65_536, max: 16_777_216, unit: 'bytes' },
      'An entry that holds more bytes than this is discarded without being read.',
    ),
    REDIS_VISIBILITY_TIMEOUT: amount(
      300,
      { min: 1, max: 86_400, unit: 'seconds' },
      'Another worker may take over a job that its worker has not renewed for this time.',
    ),
    REDIS_MAX_RETRY: whole(
      3,
      { min: 0, max: 100, unit: 'retries' },
      'Retries after the first attempt, of every kind of job.',
    ),
    REDIS_STREAM_RETENTION_HOURS: amount(
      24,
      { min: 0, max: 8760, unit: 'hours' },
      'How long acknowledged entries are kept in the stream.',
    ),
    JOB_STATUS_KEEP_HOURS: amount(
      24,
      { min: 0.01, max: 720, unit: 'hours' },
      'How long the status of a job that a client asked for is kept after its end; at most 10,000 are.',
    ),
    RESULTS_KEEP_HOURS: amount(
      72,
      { min: 0, max: 8760, unit: 'hours' },
      'How long results are kept, whether or not they were read.',
    ),
    DLQ_KEEP_DAYS: amount(
      30,
      { min: 0.01, max: 3650, unit: 'days' },
      'Discarded jobs that are older are deleted for good; the log says how many.',
    ),
    DLQ_MAX: whole(
      100_000,
      { min: 1, max: 10_000_000, unit: 'jobs' },
      'More discarded jobs of one kind than this are not kept: the oldest are deleted for good.',
    ),
    PAYLOAD_TIME_ZONE: shaped(
      'UTC',
      'an IANA time zone, such as UTC or Asia/Seoul',
      isTimeZone,
      'The zone of times in payloads that name none; of an hour that comes twice the first is taken.',
    ),
  },
  Worker: {
    MAX_CONCURRENCY: whole(
      2,
      { min: 1, max: 64, unit: 'jobs' },
      'Jobs at once; POST /control/concurrency?n= changes it at run time.',
    ),
    JOB_TIMEOUT_SECONDS: amount(
      600,
      { min: 1, max: 86_400, unit: 'seconds' },
      'A job of any kind that runs for longer is aborted and retried, but an inspection no sooner than its `sec` + 120 s.',
    ),
    JOB_MAX_SECONDS: whole(600, { min: 1, max: 3600, unit: 'seconds' }, 'Largest `sec` a job may ask for.'),
    RETRY_BASE_SECONDS: amount(
      2,
      { min: 0, max: 3600, unit: 'seconds' },
      'Longest delay before the first retry; it doubles with every further one.',
    ),
    CAMERA_DOWN_AFTER_FAILURES: whole(
      8,
      { min: 1, max: 1000, unit: 'failures' },
      'Failures in a row after which a camera counts as down: its jobs then wait without using an attempt.',
    ),
    CAMERA_DOWN_RETRY_SECONDS: amount(
      30,
      { min: 0, max: 3600, unit: 'seconds' },
      'Until one job tries a camera that is down; the wait doubles with each failed try.',
    ),
    CAMERA_DOWN_GIVE_UP_SECONDS: amount(
      3600,
      { min: 0, max: 604_800, unit: 'seconds' },
      'A job that is older than this while its camera is down is given up as CAMERA_DOWN; while its camera answers 429 each try counts from then on.',
    ),
    SHUTDOWN_GRACE_SECONDS: amount(
      30,
      { min: 0, max: 3600, unit: 'seconds' },
      'How long a stop waits for running jobs.',
    ),
    GPU_MEMORY_GUARD: flag(true, 'While a GPU has less than GPU_MIN_FREE_MB of free memory, no new job is started.'),
    GPU_MIN_FREE_MB: whole(1024, { min: 0, max: 1_000_000, unit: 'MB' }, 'What a GPU has to have free.'),
  },
};
