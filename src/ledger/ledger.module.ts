import { isCompleted, ResultsFeed } from '../queue/results/results-feed.js';
import { JobNotes } from './job-notes.js';
import { CameraLedger } from './camera-ledger.js';
import type { LedgerKind, LedgerNames } from './ledger-keys.js';
import { LedgerWriter } from './ledger-writer.js';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { Config } from '../config/config.js';
import { Clock } from '../lib/clock.js';
import { LOG, type Log } from '../log/log.js';
import { consumerName } from '../queue/consumer-name.js';
import { KindQueues } from '../queue/kind-queues.js';
import { SharedLinks } from '../redis/redis.module.js';
import { AssessmentList } from './assessment-list.js';
import { AssessmentsController } from './assessments.controller.js';
import { CameraList } from './api/camera-list.js';
import { CamerasController } from './api/cameras.controller.js';
import { OldCamerasController } from './api/old-cameras.controller.js';
import { Follower, type Act } from '../queue/results/follower.js';
import { followerEvents } from '../queue/results/follower-events.js';
import { CameraLooks } from './looks/camera-looks.js';

const GROUP = 'ledger';
const FOLLOWERS = Symbol('FOLLOWERS');
const LIST_NEEDS = [KindQueues, CameraLedger, JobNotes];

/** What clients see of cameras and assessments. Goes after the results of all workers, whichever role runs here. */
@Module({
  imports: [CamerasModule],
  controllers: [CamerasController, OldCamerasController, AssessmentsController],
  providers: [
    { provide: CameraLedger, inject: [SharedLinks, Config], useFactory: openLedger },
    { provide: JobNotes, inject: [SharedLinks, Config], useFactory: openNotes },
    { provide: AssessmentList, inject: LIST_NEEDS, useFactory: openList },
    { provide: CameraLooks, inject: [SharedLinks, Config], useFactory: openLooks },
    { provide: CameraList, inject: [CameraLedger, Cameras, KindQueues, Clock], useFactory: listCameras },
    { provide: FOLLOWERS, inject: [SharedLinks, Config, LOG], useFactory: followAll },
  ],
  exports: [CameraLedger, CameraLooks, CameraList, JobNotes],
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

function namesIn({ queue, assessment }: Config): LedgerNames {
  const mains = { inspection: queue.stream, assessment: assessment.stream };
  return { inspections: queue.resultsStream, assessments: assessment.resultsStream, group: GROUP, mains };
}

function openLedger({ prompt: { connection } }: SharedLinks, config: Config): CameraLedger {
  return new CameraLedger(connection, namesIn(config));
}

function openLooks({ prompt: { connection } }: SharedLinks, { queue }: Config): CameraLooks {
  return new CameraLooks(connection, queue.resultsStream);
}

function listCameras(ledger: CameraLedger, cameras: Cameras, queues: KindQueues, clock: Clock): CameraList {
  return new CameraList(ledger, cameras, () => queues.failingCameras('inspection'), clock.now());
}

function openNotes({ prompt: { connection } }: SharedLinks, { assessment }: Config): JobNotes {
  return new JobNotes(connection, assessment.stream);
}

function openList(queues: KindQueues, ledger: CameraLedger, notes: JobNotes): AssessmentList {
  return new AssessmentList(queues.view('assessment'), queues.letters('assessment'), ledger, notes);
}

function followAll({ prompt: link }: SharedLinks, config: Config, log: Log): Follower[] {
  const writer = new LedgerWriter(link.connection, namesIn(config));
  const consumer = consumerName();
  const follow = (kind: LedgerKind, stream: string, what: string, note: Act): Follower => {
    const feed = new ResultsFeed(link, { stream, group: GROUP, consumer, from: 'start' });
    // What failed or was cancelled found nothing.
    const act: Act = (result) => (isCompleted(result.fields) ? note(result) : writer.noteEnd(kind, result));
    return new Follower(feed, act, followerEvents(log, what));
  };
  const { queue, assessment } = config;
  return [
    follow('inspection', queue.resultsStream, 'inspections', (result) => writer.noteInspection(result)),
    follow('assessment', assessment.resultsStream, 'assessments', (result) => writer.noteAssessment(result)),
  ];
}
