import type { Config } from '../config/config.js';
import type { KindSpec } from '../job/kind.js';
import type { RedisClock } from '../redis/redis-clock.js';
import { consumerName } from './consumer-name.js';
import type { JobQueue } from './job-queue.js';
import { RedisJobQueue } from './streams/redis-job-queue.js';

/** No urgent job waits noticeably longer for this, and a flood of tiny jobs costs Redis half. ms */
const URGENT_CHECK_MS = 20;
/** A lease is given up this long after the latest end of a job: by then its worker is stuck. ms */
const LEASE_BEYOND_TIMEOUT_MS = 30_000;

/** A queue for the engine of a kind of job, not connected yet. */
export function makeQueue(
  { redis, queue }: Config,
  { queue: names, longestRunMs }: KindSpec,
  clock: RedisClock,
): JobQueue {
  const settings = {
    ...{ redis, names },
    consumer: consumerName(),
    visibilityMs: queue.visibilityMs,
    urgentCheckMs: URGENT_CHECK_MS,
    statusKeepMs: queue.statusKeepMs,
    maxEntryBytes: queue.maxEntryBytes,
    // A worker that was cut off must still find what it ran, however short the retention.
    retentionMs: Math.max(queue.retentionMs, longestRunMs + queue.visibilityMs),
    resultsKeepMs: Math.max(queue.resultsKeepMs, longestRunMs + queue.visibilityMs),
    letters: queue.letters,
    longestRunMs: longestRunMs + LEASE_BEYOND_TIMEOUT_MS,
  };
  return new RedisJobQueue(settings, clock);
}
