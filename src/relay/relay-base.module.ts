import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { Config } from '../config/config.js';
import type { JobIntake } from '../job/intake.js';
import { Clock } from '../lib/clock.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { consumerName } from '../queue/consumer-name.js';
import { KindQueues } from '../queue/kind-queues.js';
import { AllQueueNumbers } from '../queue/numbers/all-numbers.js';
import { SharedLinks } from '../redis/redis.module.js';
import { RelayBase } from './relay-base.js';

type MakeIntake = (config: Config, known: { readonly cameras: Cameras; readonly clock: Clock }) => JobIntake;

/** How jobs of a kind are taken, as the list of kinds says it. */
export interface RelayedKind {
  readonly kind: string;
  readonly intake?: () => Promise<MakeIntake>;
}

/** What every relay is made of, for all of them. */
@Global()
@Module({})
export class RelayBaseModule {
  static of(kinds: readonly RelayedKind[]): DynamicModule {
    const inject = [Config, Cameras, Clock, KindQueues, AllQueueNumbers, SharedLinks, Metrics, LOG];
    return {
      module: RelayBaseModule,
      imports: [CamerasModule],
      providers: [{ provide: RelayBase, inject, useFactory: baseOf(kinds) }],
      exports: [RelayBase],
    };
  }
}

function baseOf(kinds: readonly RelayedKind[]) {
  return async (
    config: Config,
    cameras: Cameras,
    clock: Clock,
    queues: KindQueues,
    numbers: AllQueueNumbers,
    { prompt: link }: SharedLinks,
    metrics: Metrics,
    log: Log,
  ): Promise<RelayBase> => {
    const open = async ({ kind, intake }: RelayedKind) =>
      [kind, (await intake?.())?.(config, { cameras, clock })] as const;
    // What no client may ask for, no message may either.
    const taken = kinds.filter(({ intake }) => intake !== undefined);
    const intakes = new Map(await Promise.all(taken.map(open)));
    const worker = consumerName();
    const { maxEntryBytes: maxBytes } = config.queue;
    return new RelayBase({ queues, numbers, intakes, clock, worker, maxBytes, link, metrics, log });
  };
}
