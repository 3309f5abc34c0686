import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { inspectionNeedsMs } from '../job/inspection-time.js';
import type { JobKind } from '../job/kind.js';
import { BreakerStore } from './breaker-store.js';
import { DeadLetters } from './dead-letters.js';
import { JobQueue } from './job-queue.js';
import { Producers } from './producers.js';
import { connect } from './redis/connection.js';
import type { QueueNames, QueueVariables } from './redis/keys.js';
import { Link } from './redis/link.js';
import { RedisBreakerStore } from './redis/redis-breaker-store.js';
import { RedisDeadLetters } from './redis/redis-dead-letters.js';
import { RedisJobProducer } from './redis/redis-job-producer.js';
import { RedisJobQueue } from './redis/redis-job-queue.js';

/** No urgent job waits noticeably longer for this, and a flood of tiny jobs costs Redis half. ms */
const URGENT_CHECK_MS = 20;
/** A lease is given up this long after the latest end of a job: by then its worker is stuck. ms */
const LEASE_BEYOND_TIMEOUT_MS = 30_000;

/** The connection of producers: it fails while Redis is away, where the tools' connection waits. */
const PRODUCER_LINK = Symbol('PRODUCER_LINK');

/** The queue of preprocess jobs, and for everybody the producers of all kinds of jobs. */
@Global()
@Module({
  providers: [
    { provide: JobQueue, inject: [Config], useFactory: openQueue },
    { provide: Link, inject: [Config], useFactory: ({ redis }: Config) => new Link(connect(redis, 'commands')) },
    {
      provide: PRODUCER_LINK,
      inject: [Config],
      useFactory: ({ redis }: Config) => new Link(connect(redis, 'producer')),
    },
    { provide: Producers, inject: [PRODUCER_LINK, Config], useFactory: makeProducers },
    { provide: DeadLetters, inject: [Link, Config], useFactory: openDeadLetters },
    { provide: BreakerStore, inject: [Link, Config], useFactory: openBreakers },
  ],
  exports: [JobQueue, Producers, DeadLetters, BreakerStore],
})
export class QueueModule implements OnApplicationShutdown {
  /** @param tools what is not the worker's loop talks to Redis here: dead letters, breakers */
  constructor(
    private readonly tools: Link,
    @Inject(PRODUCER_LINK) private readonly producers: Link,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.tools.close(), this.producers.close()]);
  }
}

function openQueue(config: Config): JobQueue {
  return new RedisJobQueue({
    redis: config.redis,
    names: queueNames(config),
    consumer: `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    visibilityMs: config.queue.visibilityMs,
    urgentCheckMs: URGENT_CHECK_MS,
    // A worker that was cut off must still find what it ran, however short the retention.
    retentionMs: Math.max(config.queue.retentionMs, longestRunMs(config) + config.queue.visibilityMs),
    longestRunMs: longestRunMs(config) + LEASE_BEYOND_TIMEOUT_MS,
  });
}

/** The longest that any job may rightly take, ms. */
export function longestRunMs({ worker, capture }: Config): number {
  return Math.max(worker.jobTimeoutMs, inspectionNeedsMs(capture.maxSeconds));
}

function makeProducers(link: Link, config: Config): Producers {
  const producer = (kind: JobKind): RedisJobProducer => new RedisJobProducer(link, queueNames(config, kind));
  return { inspection: producer('inspection'), assessment: producer('assessment') };
}

function openDeadLetters({ connection }: Link, config: Config): DeadLetters {
  return new RedisDeadLetters(connection, queueNames(config));
}

function openBreakers({ connection }: Link, config: Config): BreakerStore {
  return new RedisBreakerStore(connection, queueNames(config));
}

/** The streams that the configuration names for a kind of job, the most urgent first. */
export function queueNames({ queue, assessment }: Config, kind: JobKind = 'inspection'): QueueNames {
  const { highStream, stream, dlqStream: dlq, resultsStream: results, group } = { inspection: queue, assessment }[kind];
  return { lanes: [highStream, stream], dlq, results, group, variables: VARIABLES[kind] };
}

const VARIABLES: Record<JobKind, QueueVariables> = {
  inspection: {
    stream: 'REDIS_STREAM',
    high: 'REDIS_STREAM_HIGH',
    dlq: 'REDIS_DLQ_STREAM',
    results: 'RESULTS_STREAM',
  },
  assessment: {
    stream: 'ASSESS_STREAM',
    high: 'ASSESS_STREAM_HIGH',
    dlq: 'ASSESS_DLQ_STREAM',
    results: 'ASSESS_RESULTS_STREAM',
  },
};
