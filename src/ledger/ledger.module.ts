import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { consumerName } from '../queue/consumer-name.js';
import { DeadLettersByKind } from '../queue/dead-letters-by-kind.js';
import { queueNames } from '../queue/queue.module.js';
import { RedisQueueView } from '../queue/redis/redis-queue-view.js';
import { SharedLinks } from '../queue/redis/redis.module.js';
import { AssessmentList } from './assessment-list.js';
import { AssessmentsController } from './assessments.controller.js';
import { CameraLedger } from './camera-ledger.js';
import { CamerasController } from './cameras.controller.js';
import { Follower } from './follower.js';
import { JobNotes } from './job-notes.js';
import { followerEvents } from './following.js';
import { RedisCameraLedger } from './redis/redis-camera-ledger.js';
import { RedisJobNotes } from './redis/redis-job-notes.js';
import { RedisResultsFeed } from './redis/redis-results-feed.js';

const GROUP = 'ledger';
const FOLLOWERS = Symbol('FOLLOWERS');
const LIST_NEEDS = [SharedLinks, Config, DeadLettersByKind, CameraLedger, JobNotes];

/** What clients see of cameras and assessments. Goes after the results of all workers, whichever role runs here. */
@Module({
  controllers: [CamerasController, AssessmentsController],
  providers: [
    { provide: CameraLedger, inject: [SharedLinks, Config], useFactory: openLedger },
    { provide: JobNotes, inject: [SharedLinks, Config], useFactory: openNotes },
    { provide: AssessmentList, inject: LIST_NEEDS, useFactory: openList },
    { provide: FOLLOWERS, inject: [SharedLinks, Config, CameraLedger, LOG], useFactory: followAll },
  ],
  exports: [CameraLedger, JobNotes],
})
export class LedgerModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject(FOLLOWERS) private readonly followers: readonly Follower[]) {}

  onApplicationBootstrap(): void {
    for (const follower of this.followers) follower.start();
  }

  /** Not waited for: a call to a Redis that is away gives up within seconds, or ends with the connection. */
  onModuleDestroy(): void {
    for (const follower of this.followers) void follower.stop();
  }
}

function openLedger({ prompt: { connection } }: SharedLinks, { queue, assessment }: Config): CameraLedger {
  const names = { inspections: queue.resultsStream, assessments: assessment.resultsStream, group: GROUP };
  return new RedisCameraLedger(connection, names);
}

function openNotes({ prompt: { connection } }: SharedLinks, { assessment }: Config): JobNotes {
  return new RedisJobNotes(connection, assessment.stream);
}

function openList(
  { prompt: { connection } }: SharedLinks,
  config: Config,
  letters: DeadLettersByKind,
  ledger: CameraLedger,
  notes: JobNotes,
): AssessmentList {
  const view = new RedisQueueView(connection, queueNames(config, 'assessment'), config.queue.maxEntryBytes);
  return new AssessmentList(view, letters.assessment, ledger, notes);
}

function followAll({ prompt: link }: SharedLinks, config: Config, ledger: CameraLedger, log: Log): Follower[] {
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
