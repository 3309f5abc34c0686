import { KafkaRelay } from '../../src/kafka/kafka-relay.js';
import { openKafka } from '../../src/kafka/open-kafka.js';
import { openSqsRelay } from '../../src/sqs/sqs-relay.js';
import { SQS_PACE, type SqsQueueSettings } from '../../src/sqs/sqs-settings.js';
import { RelayBench } from '../support/relay-bench.js';

/** What a relay of this process carries between: its one argument, as JSON. */
export interface RelayPlan {
  readonly redis: string;
  /** `host:port` */
  readonly broker: string;
  readonly jobsTopic: string;
  readonly resultsTopic: string;
  readonly jobsQueue: string;
  readonly resultsQueue: string;
}

/** Both relays as the service runs them, but what a killed one had in hand comes back to others sooner. */
const GROUP_TIMES = { sessionMs: 6_000, heartbeatMs: 500, againMs: 200, steadyMs: 6_000 };
const PACE = { ...SQS_PACE, waitSeconds: 1, visibilitySeconds: 5, firstWaitMs: 50, longestWaitMs: 1_000 };

const plan = JSON.parse(process.argv[2] ?? '') as RelayPlan;
const { base } = await RelayBench.on(plan.redis);
const kafka = await openKafka({ brokers: [plan.broker], tls: undefined, sasl: undefined });
const topics = { detections: undefined, tasks: undefined, risks: plan.resultsTopic };
const settings = { group: 'roadstream', jobsTopic: plan.jobsTopic, topics };
new KafkaRelay(kafka, settings, base, () => undefined, GROUP_TIMES).start();
const keys = { accessKeyId: 'key', secretAccessKey: 'secret' };
const [jobs, results] = [queueOf(plan.jobsQueue), queueOf(plan.resultsQueue)];
(await openSqsRelay({ jobs, results, keys }, base, PACE)).start();
process.send?.('works');

function queueOf(url: string): SqsQueueSettings {
  return { url, name: url.slice(url.lastIndexOf('/') + 1), region: 'eu-west-1', variable: 'SQS_QUEUE_URL' };
}
