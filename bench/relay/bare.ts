import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { groupOf, JOBS, RESULTS, type Order } from './ways.js';

/** As many are asked for and sent at once as SQS allows. */
const COUNT = 10;

type Entry = [id: string, fields: string[]];
type SendResults = (entries: readonly Entry[]) => Promise<unknown>;

/** Carries with the libraries alone: no check of what comes, none whether it came before, no word of what happens. */
export async function carryBare(order: Order): Promise<void> {
  const redis = new Redis(order.redis);
  if (order.way === 'sqs in') return fromQueue(order, redis);
  if (order.way === 'kafka in') return fromTopic(order, redis);
  if (order.way === 'sqs out') return resultsTo(toQueue(order), order, redis);
  return resultsTo(order.way === 'kafka out' ? await toTopic(order) : toReceiver(order), order, redis);
}

async function fromQueue({ queue: QueueUrl }: Order, redis: Redis): Promise<never> {
  const client = clientOf(QueueUrl);
  for (;;) {
    const asked = { QueueUrl, MaxNumberOfMessages: COUNT, WaitTimeSeconds: 20 };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(asked));
    const adds = redis.pipeline();
    for (const { Body = '' } of Messages) adds.xadd(JOBS, '*', ...fieldsOf(Body));
    await adds.exec();
    const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle ?? '' }));
    if (Entries.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function fromTopic({ broker, topic }: Order, redis: Redis): Promise<void> {
  const consumer = kafkaAt(broker).consumer({ groupId: topic, maxWaitTimeInMs: 1_000 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      const adds = redis.pipeline();
      for (const { value } of batch.messages) adds.xadd(JOBS, '*', ...fieldsOf(String(value)));
      await adds.exec();
    },
  });
}

async function resultsTo(send: SendResults, order: Order, redis: Redis): Promise<never> {
  const group = groupOf(order);
  for (;;) {
    const read = await redis.xreadgroup('GROUP', group, 'one', 'COUNT', COUNT, 'BLOCK', 1_000, 'STREAMS', RESULTS, '>');
    const entries = (read as [string, Entry[]][] | null)?.[0]?.[1] ?? [];
    if (entries.length === 0) continue;
    await send(entries);
    await redis.xack(RESULTS, group, ...entries.map(([id]) => id));
  }
}

function toQueue({ queue: QueueUrl }: Order): SendResults {
  const client = clientOf(QueueUrl);
  return (entries) => {
    const Entries = entries.map(([, fields], i) => ({ Id: String(i), MessageBody: bodyOf(fields) }));
    return client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  };
}

async function toTopic({ broker, topic }: Order): Promise<SendResults> {
  const producer = kafkaAt(broker).producer();
  await producer.connect();
  return (entries) =>
    producer.send({ topic, messages: entries.map(([, fields]) => ({ key: 'cam', value: bodyOf(fields) })) });
}

function toReceiver({ receiver }: Order): SendResults {
  return (entries) =>
    Promise.all(entries.map(([, fields]) => fetch(receiver, { method: 'POST', body: bodyOf(fields) })));
}

function clientOf(queue: string): SQSClient {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  return new SQSClient({ region: 'eu-west-1', endpoint: new URL(queue).origin, credentials });
}

function kafkaAt(broker: string): Kafka {
  return new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
}

function fieldsOf(body: string): string[] {
  return Object.entries(JSON.parse(body) as Record<string, string>).flat();
}

function bodyOf(fields: readonly string[]): string {
  const pairs = fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : []));
  return JSON.stringify(Object.fromEntries(pairs));
}
