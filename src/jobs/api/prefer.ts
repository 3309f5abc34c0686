import { setTimeout as after } from 'node:timers/promises';
import { isEnded } from '../../queue/status/job-record.js';
import type { JobView } from '../job-view.js';

const LONGEST_S = 60;
const LOOK_EVERY_MS = 500;

/** How long a client would like to wait for the end, ms: the header `Prefer: wait=<s>` (RFC 7240), at most a minute; 0: not at all. */
export function preferredWaitMs(header: string | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,6})\b/i.exec(header ?? '')?.[1];
  return Math.min(LONGEST_S, Number(seconds ?? 0)) * 1_000;
}

/**
 * Looks at a job until it has ended, the time is up, or the signal aborts: then it gives at once what it saw last. Asks the
 * queue each time: an end that nobody told of is seen all the same.
 */
export async function untilEnded(look: () => Promise<JobView>, waitMs: number, signal: AbortSignal): Promise<JobView> {
  const endsAt = performance.now() + waitMs;
  for (;;) {
    const job = await look();
    if (isEnded(job.state) || performance.now() >= endsAt) return job;
    const pauseMs = Math.min(LOOK_EVERY_MS, Math.max(0, endsAt - performance.now()));
    await after(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
    if (signal.aborted) return job;
  }
}
