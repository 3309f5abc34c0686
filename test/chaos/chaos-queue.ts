import type { JobResult } from '../../src/job/handler.js';
import type { Delivery, Holdings, Settlement } from '../../src/queue/job-queue.js';
import { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';
import type { JobNote } from '../../src/queue/status/job-note.js';
import type { RedisQueueSettings } from '../../src/queue/settings.js';
import { parseChaosJob } from './chaos-job.js';
import type { Crash } from './crash.js';
import type { Journal } from './journal.js';

/** The real queue; it journals the leases that were renewed, and dies around the settlement where a job asks for it. */
export class ChaosQueue extends RedisJobQueue {
  constructor(
    settings: RedisQueueSettings,
    private readonly journal: Journal,
    private readonly crash: Crash,
  ) {
    super(settings);
  }

  override complete(delivery: Delivery, result?: JobResult, note?: JobNote): Promise<Settlement> {
    const job = parseChaosJob(delivery.payload, delivery.sourceId);
    this.crash.at('before settle', job);
    const settled = super.complete(delivery, result, note);
    // The batch goes out in the next turn of the event loop, its reply cannot be here before the one after that.
    setImmediate(() => setImmediate(() => this.crash.at('settle sent', job)));
    return settled;
  }

  override onRenewal(listener: (holdings: Holdings) => void): void {
    super.onRenewal((holdings) => {
      this.note(holdings);
      listener(holdings);
    });
  }

  private note({ at, held }: Holdings): void {
    const agoMs = Date.now() - at;
    const entries = [...held].map((key) => key.split(' ')[1] as string);
    this.journal.write({ kind: 'renewed', at: this.journal.now() - agoMs, entries });
  }
}
