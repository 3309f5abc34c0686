import { type Rescue } from '../../src/queue/job-queue.js';
import { RedisJobQueue } from '../../src/queue/streams/redis-job-queue.js';

/** The real queue; it remembers what the last look brought. */
export class WatchedQueue extends RedisJobQueue {
  lastRescue: Pick<Rescue, 'deliveries' | 'trimmed'> = { deliveries: [], trimmed: [] };

  override async rescue(count: number, cancelledSince?: number): Promise<Rescue> {
    const rescue = await super.rescue(count, cancelledSince);
    this.lastRescue = rescue;
    return rescue;
  }
}
