import { ResultsFeed } from '../../queue/results/results-feed.js';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Follower } from '../../queue/results/follower.js';
import { followerEvents } from '../../queue/results/follower-events.js';
import { LedgerModule } from '../../ledger/ledger.module.js';
import { LOG, type Log } from '../../log/log.js';
import { consumerName } from '../../queue/consumer-name.js';
import { KindQueues } from '../../queue/kind-queues.js';
import { SharedLinks } from '../../redis/redis.module.js';
import { InspectionTasks } from './inspection-tasks.js';

const GROUP = 'assessment-tasks';
const FOLLOWER = Symbol('INSPECTION_TASKS_FOLLOWER');

/** Turns finished inspections into assessment jobs. What finished before the first start of the role is left alone. */
@Module({
  imports: [LedgerModule],
  providers: [{ provide: FOLLOWER, inject: [SharedLinks, Config, KindQueues, LOG], useFactory: follow }],
})
export class InspectionTasksModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(FOLLOWER) private readonly follower: Follower) {}

  onApplicationBootstrap(): void {
    this.follower.start();
  }

  /** Not waited for: a call to a Redis that is away gives up within seconds, or ends with the connection. */
  onModuleDestroy(): void {
    void this.follower.stop();
  }
}

function follow({ prompt: link }: SharedLinks, { queue, assessment }: Config, queues: KindQueues, log: Log): Follower {
  const names = { stream: queue.resultsStream, group: GROUP, consumer: consumerName(), from: 'now' } as const;
  const feed = new ResultsFeed(link, names);
  const tasks = new InspectionTasks(feed, queues.producer('assessment'), assessment.on);
  return new Follower(feed, (result) => tasks.take(result), followerEvents(log, 'inspections to be judged'));
}
