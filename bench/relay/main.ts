import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Redis } from 'ioredis';
import { eventually } from '../../test/support/eventually.js';
import { send } from '../../test/support/kafka/kcat.js';
import { MockCluster } from '../../test/support/kafka/mock-cluster.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { SqsServer } from '../../test/support/sqs-server/sqs-server.js';
import { WebhookReceiver } from '../../test/support/webhook-receiver.js';
import { CARRIERS, groupOf, JOBS, RESULTS, WAYS, type Order, type Run } from './ways.js';

const CARRIER = fileURLToPath(new URL('./carrier.js', import.meta.url));
/** So many of all are carried before anything counts. */
const WARM_UP_SHARE = 0.2;
const WITHIN_MS = 120_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    // Below 10,000: with more waiting in Redis nothing more is taken.
    messages: { type: 'string', default: '4000' },
  },
});
const count = Number(values.messages);

/** Redis, a broker and a queue on this machine; the last one lives in this process. */
interface Stage {
  readonly redisUrl: string;
  readonly redis: Redis;
  readonly cluster: MockCluster;
  readonly sqs: SqsServer;
  readonly receiver: WebhookReceiver;
}

const job = (i: number): string =>
  JSON.stringify({
    cctvId: `cam-${i % 50}`,
    jobId: `job-${i}`,
    hls: 'https://cams.example.com/live/1.m3u8',
    sec: '20',
  });

const RESULT = {
  ...{ cctvId: 'cam-1', enqueuedAt: '1725876000000', startedAt: '1725876001000', finishedAt: '1725876031000' },
  ...{ attempt: '1', worker: 'bench', artifacts: 'preprocess/cam-1/job-1/20240909T100000Z/', light: 'day' },
  ...{ damageVerdict: 'damaged', detections: '2', reported: '1', worstSeverity: 'high', detector: 'builtin' },
};

let runs = 0;

async function measure(stage: Stage, way: Order['way'], carrier: Order['carrier']): Promise<Run> {
  runs += 1;
  const name = `bench-${runs}`;
  const { redisUrl, redis, cluster, sqs, receiver } = stage;
  sqs.queue(name);
  await redis.flushall();
  receiver.calls.length = 0;
  const there = { redis: redisUrl, broker: `127.0.0.1:${cluster.port}`, receiver: receiver.url(`/${name}`) };
  const places = { ...there, topic: name, queue: sqs.url(name) };
  const order: Order = { way, carrier, ...places };
  await fill(stage, order);
  const child = fork(CARRIER, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const warm = await reached(stage, order, count * WARM_UP_SHARE, child);
    const end = await reached(stage, order, count, child);
    const carried = end.carried - warm.carried;
    return {
      ...{ way, carrier },
      perSecond: carried / ((end.at - warm.at) / 1_000),
      cpuMicros: (end.cpuMicros - warm.cpuMicros) / carried,
    };
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

/** All that is to be carried is there before. */
async function fill({ redis, cluster, sqs }: Stage, order: Order): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => i);
  if (order.way === 'sqs in') for (const i of numbers) sqs.queue(order.topic).send({ MessageBody: job(i) });
  if (order.way === 'kafka in')
    await send(
      cluster.port,
      numbers.map((i) => ({ topic: order.topic, key: `cam-${i % 50}`, value: job(i) })),
    );
  if (order.way.endsWith('in')) return;
  const adds = redis.pipeline();
  for (const i of numbers) adds.xadd(RESULTS, '*', 'jobId', `job-${i}`, ...Object.entries(RESULT).flat());
  await adds.exec();
  await redis.xgroup('CREATE', RESULTS, groupOf(order), '0');
}

async function reached(stage: Stage, order: Order, goal: number, child: ChildProcess) {
  const carried = await eventually(
    `${goal} are carried: ${order.way}, ${order.carrier}`,
    async () => {
      const now = await carriedBy(stage, order);
      return now >= goal ? now : undefined;
    },
    WITHIN_MS,
  );
  const at = performance.now();
  const told = once(child, 'message');
  child.send('how much');
  const [cpuMicros] = (await told) as [number];
  return { carried, at, cpuMicros };
}

async function carriedBy({ redis, receiver }: Stage, order: Order): Promise<number> {
  if (order.way === 'webhooks out') return receiver.calls.length;
  if (order.way.endsWith('in')) return redis.xlen(JOBS);
  const groups = (await redis.xinfo('GROUPS', RESULTS)) as (string | number)[][];
  const group = groups.find((fields) => fields.includes(groupOf(order))) ?? [];
  const of = (name: string): number => Number(group[group.indexOf(name) + 1]);
  return count - of('lag') - of('pending');
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

/** Medians over all rounds, and what the carrying of this service costs beside the least there is. */
function printReport(all: readonly Run[]): void {
  const rows = WAYS.map((way) => {
    const of = (carrier: Run['carrier'], what: 'perSecond' | 'cpuMicros'): number =>
      median(all.filter((run) => run.way === way && run.carrier === carrier).map((run) => run[what]));
    return {
      way,
      'messages/s': Math.round(of('roadstream', 'perSecond')),
      'bare messages/s': Math.round(of('bare', 'perSecond')),
      'CPU µs/message': Math.round(of('roadstream', 'cpuMicros')),
      'bare CPU µs/message': Math.round(of('bare', 'cpuMicros')),
    };
  });
  if (values.json) console.log(JSON.stringify(rows));
  else console.table(rows);
}

const redisServer = await RedisServer.start();
const [cluster, sqs] = await Promise.all([MockCluster.start(), SqsServer.start()]);
const receiver = await WebhookReceiver.start();
const stage: Stage = { redisUrl: redisServer.url, redis: redisServer.client(), cluster, sqs, receiver };
const all: Run[] = [];
// Interleaved: a machine that is busy for a while is busy for all.
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const way of WAYS) for (const carrier of CARRIERS) all.push(await measure(stage, way, carrier));
}
printReport(all);
await receiver.stop();
await sqs.down();
await cluster.stop();
await redisServer.stop();
