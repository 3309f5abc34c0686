import { Module, type DynamicModule } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { Config } from '../config/config.js';
import type { JobIntake } from '../job/intake.js';
import { Clock } from '../lib/clock.js';
import { OutboundPolicy } from '../outbound/outbound-policy.js';
import { KindQueues } from '../queue/kind-queues.js';
import { JobArtifactsController } from './api/job-artifacts.controller.js';
import { WaitingClients } from './api/waiting-clients.service.js';
import { JobEventsController } from './api/job-events.controller.js';
import { JobDesk, type DeskKind } from './job-desk.js';
import { JobList } from './job-list.js';
import { sectionsOf } from './job-sections.js';
import { JobsController } from './api/jobs.controller.js';

type MakeIntake = (config: Config, known: { readonly cameras: Cameras; readonly clock: Clock }) => JobIntake;

/** How jobs of a kind are taken, as the list of kinds says it. */
export interface TakenKind {
  readonly kind: string;
  readonly intake?: () => Promise<MakeIntake>;
}

/** Jobs as their clients ask for them, of every kind, whether or not it runs here. */
@Module({})
export class JobsModule {
  static of(kinds: readonly TakenKind[]): DynamicModule {
    return {
      module: JobsModule,
      imports: [CamerasModule, ArtifactsModule],
      controllers: [JobsController, JobArtifactsController, JobEventsController],
      providers: [
        { provide: JobDesk, inject: [Config, KindQueues, Cameras, Clock], useFactory: deskOf(kinds) },
        { provide: JobList, inject: [KindQueues], useFactory: listOf },
        WaitingClients,
      ],
    };
  }
}

function deskOf(kinds: readonly TakenKind[]) {
  return async (config: Config, queues: KindQueues, cameras: Cameras, clock: Clock): Promise<JobDesk> => {
    const open = async ({ kind, intake }: TakenKind): Promise<DeskKind> => ({
      spec: queues.spec(kind),
      intake: (await intake?.())?.(config, { cameras, clock }),
      book: queues.book(kind, config.queue.statusKeepMs),
      letters: queues.letters(kind),
      signals: queues.signals(kind),
    });
    const desk = await Promise.all(kinds.map(open));
    return new JobDesk(desk, new OutboundPolicy(config.outbound.allow, config.outbound.deny), clock);
  };
}

function listOf(queues: KindQueues): JobList {
  return new JobList(queues.all.flatMap((spec) => sectionsOf(spec, queues.view(spec.kind), queues.results(spec.kind))));
}
