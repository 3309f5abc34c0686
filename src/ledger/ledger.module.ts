import {
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { consumerName } from '../queue/consumer-name.js';
import { DeadLettersByKind } from '../queue/dead-letters-by-kind.js';
import { queueNames } from '../queue/queue.module.js';
import { connect } from '../queue/redis/connection.js';
import { Link } from '../queue/redis/link.js';
import { RedisQueueView } from '../queue/redis/redis-queue-view.js';
import { AssessmentList } from './assessment-list.js';
import { AssessmentsController } from './assessments.controller.js';
import { CameraLedger } from './camera-ledger.js';
import { CamerasController } from './cameras.controller.js';
import { Follower } from './follower.js';
import { JobNotes } from './job-notes.js';
import { followerEvents, LEDGER_LINK } from './following.js';
import { RedisCameraLedger } from './redis/redis-camera-ledger.js';
import { RedisJobNotes } from './redis/redis-job-notes.js';
import { RedisResultsFeed } from './redis/redis-results-feed.js';

const GROUP = 'ledger';
const FOLLOWERS = Symbol('FOLLOWERS');
const LIST_NEEDS = [LEDGER_LINK, Config, DeadLettersByKind, CameraLedger, JobNotes];

/** What clients see of cameras and assessments. Goes after the results of all workers, whichever role runs here. */
@Module({
  controllers: [CamerasController, AssessmentsController],
  providers: [
    { provide: LEDGER_LINK, inject: [Config], useFactory: ({ redis }: Config) => new Link(connect(redis, 'producer')) },
    { provide: CameraLedger, inject: [LEDGER_LINK, Config], useFactory: openLedger },
    { provide: JobNotes, inject: [LEDGER_LINK, Config], useFactory: openNotes },
    { provide: AssessmentList, inject: LIST_NEEDS, useFactory: openList },
    { provide: FOLLOWERS, inject: [LEDGER_LINK, Config, CameraLedger, LOG], useFactory: followAll },
  ],
  exports: [CameraLedger, JobNotes, LEDGER_LINK],
})
export class LedgerModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    @Inject(FOLLOWERS) private readonly followers: readonly Follower[],
    @Inject(LEDGER_LINK) private readonly link: Link,
  ) {}

  onApplicationBootstrap(): void {
    for (const follower of this.followers) follower.start();
  }

  onModuleDestroy(): void {
    for (const follower of this.followers) void follower.stop();
  }

  /** A call that is under way ends with the connection, or gives up on it within seconds. */
  async onApplicationShutdown(): Promise<void> {
    await this.link.close();
    await Promise.all(this.followers.map((follower) => follower.stop()));
  }
}

function openLedger({ connection }: Link, { queue, assessment }: Config): CameraLedger {
  const names = { inspections: queue.resultsStream, assessments: assessment.resultsStream, group: GROUP };
  return new RedisCameraLedger(connection, names);
}

function openNotes({ connection }: Link, { assessment }: Config): JobNotes {
  return new RedisJobNotes(connection, assessment.stream);
}

function openList(
  { connection }: Link,
  config: Config,
  letters: DeadLettersByKind,
  ledger: CameraLedger,
  notes: JobNotes,
): AssessmentList {
  const view = new RedisQueueView(connection, queueNames(config, 'assessment'), config.queue.maxEntryBytes);
  return new AssessmentList(view, letters.assessment, ledger, notes);
}

function followAll(link: Link, config: Config, ledger: CameraLedger, log: Log): Follower[] {
  const consumer = consumerName();
  const feed = (stream: string) => new RedisResultsFeed(link, { stream, group: GROUP, consumer, from: 'start' });
  const { queue, assessment } = config;
  return [
    new Follower(
      feed(queue.resultsStream),
      (result) => ledger.noteInspection(result),
      followerEvents(log, 'inspections'),
    ),
    new Follower(
      feed(assessment.resultsStream),
      (result) => ledger.noteAssessment(result),
      followerEvents(log, 'assessments'),
    ),
  ];
}
