import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { inspectionNeedsMs } from '../job/inspection-time.js';
import { DeadLetters } from './dead-letters.js';
import { JobQueue } from './job-queue.js';
import { connect } from './redis/connection.js';
import type { QueueNames } from './redis/keys.js';
import { RedisDeadLetters } from './redis/redis-dead-letters.js';
import { RedisJobQueue } from './redis/redis-job-queue.js';

/** A lease is given up this long after the latest end of a job: by then its worker is stuck. ms */
const LEASE_BEYOND_TIMEOUT_MS = 30_000;

/** The queue of preprocess jobs. */
@Module({
  providers: [
    { provide: JobQueue, inject: [Config], useFactory: openQueue },
    { provide: DeadLetters, inject: [Config], useFactory: openDeadLetters },
  ],
  exports: [JobQueue, DeadLetters],
})
export class QueueModule {}

function openQueue(config: Config): JobQueue {
  return new RedisJobQueue({
    redis: config.redis,
    names: queueNames(config),
    consumer: `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    visibilityMs: config.queue.visibilityMs,
    retentionMs: config.queue.retentionMs,
    longestRunMs: longestRunMs(config) + LEASE_BEYOND_TIMEOUT_MS,
  });
}

function longestRunMs({ worker, capture }: Config): number {
  return Math.max(worker.jobTimeoutMs, inspectionNeedsMs(capture.maxSeconds));
}

function openDeadLetters(config: Config): DeadLetters {
  return new RedisDeadLetters(connect(config.redis, 'commands'), queueNames(config));
}

/** The streams that the configuration names, the most urgent first. */
export function queueNames({ queue }: Config): QueueNames {
  return { lanes: [queue.highStream, queue.stream], dlq: queue.dlqStream, group: queue.group };
}
