import { KafkaRelay } from '../../src/kafka/kafka-relay.js';
import { openKafka } from '../../src/kafka/open-kafka.js';
import { openSqsRelay } from '../../src/sqs/sqs-relay.js';
import { RelayBench } from '../../test/support/relay-bench.js';
import type { Order } from './ways.js';

/** Carries as the service does. */
export async function carryWithRoadstream({ way, redis, broker, topic, queue }: Order): Promise<void> {
  const { base } = await RelayBench.on(redis);
  const isIn = way.endsWith('in');
  if (way.startsWith('sqs')) {
    const named = { url: queue, name: 'bench', region: 'eu-west-1', variable: 'SQS_QUEUE_URL' };
    const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
    const queues = { jobs: isIn ? named : undefined, results: isIn ? undefined : named };
    (await openSqsRelay({ ...queues, keys }, base)).start();
    return;
  }
  const kafka = await openKafka({ brokers: [broker], tls: undefined, sasl: undefined });
  const topics = { detections: isIn ? undefined : topic, tasks: undefined, risks: undefined };
  const settings = { group: topic, jobsTopic: isIn ? topic : undefined, topics };
  new KafkaRelay(kafka, settings, base, () => undefined).start();
}
