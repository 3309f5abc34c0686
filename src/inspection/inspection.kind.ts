import type { Config } from '../config/config.js';
import type { KindSpec } from '../job/kind.js';

/** What an inspection takes beside watching, on a slow and busy machine. ms */
const BESIDE_WATCHING_MS = 120_000;

/** Inspections: a road is watched, and damage looked for on it. */
export function inspectionKind({ queue, worker, capture, roles }: Config): KindSpec {
  return {
    kind: 'inspection',
    runsHere: roles.inspect,
    isUsed: true,
    queue: {
      lanes: [queue.highStream, queue.stream],
      dlq: queue.dlqStream,
      results: queue.resultsStream,
      group: queue.group,
      variables: {
        stream: 'REDIS_STREAM',
        high: 'REDIS_STREAM_HIGH',
        dlq: 'REDIS_DLQ_STREAM',
        results: 'RESULTS_STREAM',
      },
    },
    concurrency: worker.concurrency,
    maxRetry: worker.maxRetry,
    timeoutMs: worker.jobTimeoutMs,
    timeoutVariable: 'JOB_TIMEOUT_SECONDS',
    longestRunMs: Math.max(worker.jobTimeoutMs, inspectionNeedsMs(capture.maxSeconds)),
    needs: { gpu: true, cameras: true, sharesSlots: true },
  };
}

/** The longest that an inspection of so many seconds of video may rightly take, ms. */
export function inspectionNeedsMs(seconds: number): number {
  return seconds * 1_000 + BESIDE_WATCHING_MS;
}
