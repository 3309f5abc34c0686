import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { inspectionTask } from '../assessment/tasks/inspection-task.js';
import { Config, type KafkaConfig } from '../config/config.js';
import { RelayBase } from '../relay/relay-base.js';
import { openKafka } from './open-kafka.js';
import { KafkaRelay } from './kafka-relay.js';

/** Jobs from a topic, and results to topics. Loaded only where KAFKA_BROKERS is set. */
@Module({
  providers: [{ provide: KafkaRelay, inject: [Config, RelayBase], useFactory: open }],
})
export class KafkaModule implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private stopped: Promise<void> = Promise.resolve();

  constructor(@Inject(KafkaRelay) private readonly relay: KafkaRelay) {}

  onApplicationBootstrap(): void {
    this.relay.start();
  }

  onModuleDestroy(): void {
    this.stopped = this.relay.stop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stopped;
  }
}

async function open({ kafka, assessment }: Config, base: RelayBase): Promise<KafkaRelay> {
  const settings = kafka as KafkaConfig;
  return new KafkaRelay(
    await openKafka(settings),
    settings,
    base,
    (result) => inspectionTask(result, assessment.on)?.fields,
  );
}
