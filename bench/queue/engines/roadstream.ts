import { JobHandler, type Job, type Run } from '../../../src/job/handler.js';
import type { RawPayload } from '../../../src/job/payload.js';
import { RedisJobQueue } from '../../../src/queue/streams/redis-job-queue.js';
import { assemble } from '../../../src/worker/engine.js';
import { silentEvents } from '../../../test/support/silent-events.js';
import type { Order, Tally } from '../consumer.js';

interface NamedJob extends Job {
  payload: RawPayload;
}

/** Does nothing, as the others do; what is measured is the engine. */
class Noop extends JobHandler<NamedJob> {
  readonly kind = 'noop';

  constructor(
    private readonly tally: Tally,
    private readonly engine: Order['engine'],
  ) {
    super();
  }

  parse(payload: RawPayload, entryId: string): NamedJob {
    const isTracked = this.engine === 'tracked';
    return { jobId: entryId, cctvId: 'bench', enqueuedAt: 0, priorAttempts: 0, isTracked, payload };
  }

  handle({ jobId, payload }: NamedJob, run: Run): Promise<void> {
    this.tally.started(() => String(payload[1]));
    if (this.engine !== 'roadstream') run.publish({ jobId, cctvId: 'bench' });
    return Promise.resolve();
  }
}

/** This engine as it runs in production: leases, fenced scripts, two lanes, rescue; only nobody listens to its events. */
export async function drainWithRoadstream(order: Order, tally: Tally): Promise<() => Promise<void>> {
  const queue = new RedisJobQueue({
    redis: { url: order.url },
    names: {
      lanes: [`${order.stream}:high`, order.stream],
      dlq: `${order.stream}:dlq`,
      group: 'workers',
      results: order.engine === 'roadstream' ? undefined : `${order.stream}:results`,
    },
    consumer: 'bench',
    visibilityMs: 300_000,
    urgentCheckMs: 20,
    maxEntryBytes: 1_048_576,
    retentionMs: 3_600_000,
    longestRunMs: 600_000,
  });
  const settings = {
    concurrency: order.concurrency,
    batchCount: 64,
    blockMs: 5_000,
    graceMs: 5_000,
    retry: { maxRetry: 3, baseMs: 2_000, capMs: 300_000 },
    jobTimeoutMs: 600_000,
    visibilityMs: 300_000,
  };
  const { worker } = assemble(settings, queue, new Noop(tally, order.engine), silentEvents());
  await queue.open();
  worker.start();
  return async () => {
    await worker.drain();
    await queue.close();
  };
}
