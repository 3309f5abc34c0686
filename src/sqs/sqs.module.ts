import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { RelayBase } from '../relay/relay-base.js';
import { openSqsRelay, type SqsRelay } from './sqs-relay.js';

const RELAY = Symbol('SQS_RELAY');

/** Jobs from and results to queues of SQS. */
@Module({
  providers: [
    {
      provide: RELAY,
      inject: [Config, RelayBase],
      useFactory: ({ sqs }: Config, base: RelayBase) => openSqsRelay(sqs, base),
    },
  ],
})
export class SqsModule implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private stopped: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(RELAY) private readonly relay: SqsRelay,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    for (const sentence of this.relay.summary) this.log.info(sentence);
    this.relay.start();
  }

  onModuleDestroy(): void {
    this.stopped = this.relay.stop();
  }

  /** While Redis is still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}
