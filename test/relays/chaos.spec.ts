import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { contentOf, send } from '../support/kafka/kcat.js';
import { MockCluster } from '../support/kafka/mock-cluster.js';
import { RedisServer } from '../support/redis-server.js';
import { Service } from '../support/service.js';
import { SqsServer } from '../support/sqs-server/sqs-server.js';
import { newSecret, verified, WebhookReceiver } from '../support/webhook-receiver.js';
import type { RelayPlan } from './relay-process.js';

const RELAY = fileURLToPath(new URL('./relay-process.js', import.meta.url));
const WORKER = fileURLToPath(new URL('../support/two-kinds/main.js', import.meta.url));
const STREAM = 'stream:assess';

const ROUNDS = 10;
const EACH = 40;
/** In the midst of the kills. */
const REDIS_RESTART = 5;
const CALLER_KILLS = [3, 7];
const SECRET = newSecret('chaos');
/** Sessions of killed members end, and messages that they had come back. ms */
const ALL_WITHIN_MS = 60_000;

jest.setTimeout(240_000);

const redisServer = new RedisServer('--appendonly', 'yes', '--appendfsync', 'always');
const redis = redisServer.client();
let cluster: MockCluster;
let sqs: SqsServer;
let worker: Service;
/** Calls the receiver of webhooks. */
let caller: Service;
let receiver: WebhookReceiver;
let relay: ChildProcess | undefined;
let plan: RelayPlan;

beforeAll(async () => {
  await redisServer.up();
  [cluster, sqs] = await Promise.all([MockCluster.start(), SqsServer.start()]);
  sqs.queue('jobs');
  sqs.queue('results');
  plan = {
    ...{ redis: redisServer.url, broker: `127.0.0.1:${cluster.port}`, jobsTopic: 'jobs', resultsTopic: 'results' },
    ...{ jobsQueue: sqs.url('jobs'), resultsQueue: sqs.url('results') },
  };
  receiver = await WebhookReceiver.start();
  const settings = { REDIS_URL: redisServer.url, ROLES: 'assess', GEMINI_API_KEY: 'nobody-uses-it' };
  worker = await Service.start({ ...settings, ASSESS_CONCURRENCY: '8' }, { main: WORKER });
  await startCaller();
});

afterAll(async () => {
  await killRelay();
  await Promise.all([worker.stop('SIGKILL'), caller.stop('SIGKILL')]);
  await receiver.stop();
  await sqs.down();
  await cluster.stop();
  await redisServer.stop();
});

async function startCaller(): Promise<void> {
  caller = await Service.start({
    ...{ REDIS_URL: redisServer.url, ROLES: 'relay', GEMINI_API_KEY: 'nobody-uses-it' },
    ...{ WEBHOOK_URL: receiver.url('/done'), WEBHOOK_SECRET: SECRET, OUTBOUND_ALLOW: '127.0.0.1' },
    ...{ REDIS_VISIBILITY_TIMEOUT: '4', REDIS_MAX_RETRY: '20', RETRY_BASE_SECONDS: '0.2' },
  });
}

async function startRelay(): Promise<void> {
  relay = fork(RELAY, [JSON.stringify(plan)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(relay, 'message');
}

async function killRelay(): Promise<void> {
  if (relay?.exitCode !== null || relay.signalCode !== null) return;
  const exited = once(relay, 'exit');
  relay.kill('SIGKILL');
  await exited;
}

const nameOf = (source: string, number: number): string => `${source}-${number}`;
const bodyOf = (jobId: string): string =>
  JSON.stringify({ kind: 'assessment', jobId, cctvId: 'cam', video: 'a.mp4', segmentStart: '1725876000000' });

/** Sends the messages of a round by both ways. */
async function sendRound(round: number): Promise<void> {
  const numbers = Array.from({ length: EACH }, (_, i) => round * EACH + i);
  for (const number of numbers) sqs.queue('jobs').send({ MessageBody: bodyOf(nameOf('sqs', number)) });
  const messages = numbers.map((number) => nameOf('kafka', number));
  await send(
    cluster.port,
    messages.map((name) => ({ topic: 'jobs', key: name, value: bodyOf(name) })),
  );
}

const allNames = ['kafka', 'sqs'].flatMap((source) =>
  Array.from({ length: ROUNDS * EACH }, (_, i) => nameOf(source, i)),
);

async function jobIdsIn(stream: string): Promise<string[]> {
  return (await redis.xrange(stream, '-', '+')).map(([, flat]) => toFields(flat)['jobId'] ?? '');
}

const namesIn = (bodies: readonly string[]): string[] =>
  bodies.map((body) => (JSON.parse(body) as { jobId: string }).jobId);
const distinct = (names: readonly string[]): string[] => [...new Set(names)].sort();

describe('400 messages by SQS and 400 by Kafka, the relay killed 10 times and Redis restarted', () => {
  beforeAll(async () => {
    // Topics are made when first named.
    await send(cluster.port, [{ topic: 'results', value: '{"jobId":"none"}' }]);
    await startRelay();
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await redis.xlen(STREAM);
      await sendRound(round);
      // In the midst of carrying, whichever way it is that moves.
      await eventually('it carries', async () => (await redis.xlen(STREAM)) > before + EACH / 4, ALL_WITHIN_MS);
      await killRelay();
      if (CALLER_KILLS.includes(round)) {
        await caller.stop('SIGKILL');
        await startCaller();
      }
      if (round === REDIS_RESTART) {
        await redisServer.down('SIGKILL');
        await redisServer.up();
      }
      await startRelay();
    }
  });

  it('make one job each', async () => {
    await eventually('every job is there', async () => (await redis.xlen(STREAM)) >= allNames.length, ALL_WITHIN_MS);
    await eventually('no message is held by SQS', () => sqs.queue('jobs').held.length === 0, ALL_WITHIN_MS);
    expect((await jobIdsIn(STREAM)).sort()).toEqual([...allNames].sort());
  });

  it('and the result of each is out by both ways at least once', async () => {
    const viaSqs = (): string[] => distinct(namesIn(sqs.queue('results').sent.map(({ MessageBody }) => MessageBody)));
    await eventually('SQS has all', () => viaSqs().length >= allNames.length, ALL_WITHIN_MS);
    expect(viaSqs()).toEqual([...allNames].sort());
    const viaKafka = async (): Promise<string[]> =>
      distinct(namesIn((await contentOf(cluster.port, 'results')).map(({ payload }) => payload)));
    await eventually('Kafka has all', async () => (await viaKafka()).length > allNames.length, ALL_WITHIN_MS);
    expect((await viaKafka()).filter((name) => name !== 'none')).toEqual([...allNames].sort());
  });

  it('and each is called for, with a signature that is right', async () => {
    const calledFor = new Set<string>();
    const readCalls = (): number => {
      // Throws where a signature is not right.
      for (const call of receiver.calls.splice(0)) calledFor.add(verified(call, SECRET).data['jobId'] as string);
      return calledFor.size;
    };
    await eventually('all were called for', () => readCalls() >= allNames.length, ALL_WITHIN_MS);
    expect([...calledFor].sort()).toEqual([...allNames].sort());
  });
});
