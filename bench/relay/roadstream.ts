import { KafkaRelay } from '../../src/kafka/kafka-relay.js';
import { openKafka } from '../../src/kafka/open-kafka.js';
import { openSqsRelay } from '../../src/sqs/sqs-relay.js';
import { RelayBench } from '../../test/support/relay-bench.js';
import { loadConfig } from '../../src/config/config.js';
import { startService } from '../../src/service.js';
import { freePort } from '../../test/support/redis-server.js';
import type { Order } from './ways.js';

const SECRET = `whsec_${Buffer.from('a secret of this bench, 32 bytes').toString('base64')}`;

/** Carries as the service does. */
export async function carryWithRoadstream({ way, redis, broker, topic, queue, receiver }: Order): Promise<void> {
  // A call is a job of its own: that takes the whole service.
  if (way === 'webhooks out') return callWithService(redis, receiver);
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

async function callWithService(redis: string, receiver: string): Promise<void> {
  const settings = {
    ...{ REDIS_URL: redis, ROLES: 'relay', HOST: '127.0.0.1', PORT: String(await freePort()), LOG_LEVEL: 'error' },
    ...{ WEBHOOK_URL: receiver, WEBHOOK_SECRET: SECRET, OUTBOUND_ALLOW: '127.0.0.1' },
  };
  await startService(loadConfig(settings));
}
