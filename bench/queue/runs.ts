import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchRedis } from './bench-redis.js';
import type { Account, Order } from './consumer.js';
import {
  quantile,
  type BacklogRun,
  type EngineName,
  type LatencyRun,
  type Setting,
  type ThroughputRun,
} from './measures.js';

const CONSUMER = fileURLToPath(new URL('./consumer.js', import.meta.url));
const WARM_UP_SHARE = 0.2;
/** Jobs a second: low enough that none waits for another. */
const LOW_RATE = 50;

let runs = 0;

/** Runs no-op jobs that were all enqueued before. */
export async function measureThroughput(redis: BenchRedis, setting: Setting, jobs: number): Promise<ThroughputRun> {
  const stream = freshName();
  await redis.enqueue(setting.engine, stream, jobs);
  const { account, counted, redisCpuMicros, commandsPerJob } = await drain(redis, setting, stream, jobs);
  return {
    ...setting,
    jobsPerSecond: counted / account.seconds,
    workerCpuMicros: account.cpuMicros / counted,
    redisCpuMicros,
    commandsPerJob,
    roundTripsPerJob: account.socketWrites / counted,
  };
}

/** Runs jobs of this engine while many more wait behind them. */
export async function measureBacklog(
  redis: BenchRedis,
  { backlog, waitingForRetry }: Pick<BacklogRun, 'backlog' | 'waitingForRetry'>,
  jobs: number,
): Promise<BacklogRun> {
  const stream = freshName();
  await redis.putAside(stream, waitingForRetry);
  await redis.enqueue('roadstream', stream, jobs + backlog);
  const setting: Setting = { engine: 'roadstream', concurrency: 16 };
  const { account, counted, redisCpuMicros } = await drain(redis, setting, stream, jobs);
  return {
    ...{ backlog, waitingForRetry },
    workerCpuMicros: account.cpuMicros / counted,
    redisCpuMicros,
    rssMb: account.rssBytes / 1024 / 1024,
  };
}

/** Has a process run so many jobs of a stream; the first fifth warms up and does not count. */
async function drain(redis: BenchRedis, setting: Setting, stream: string, jobs: number) {
  const warmUp = Math.floor(jobs * WARM_UP_SHARE);
  const counted = jobs - warmUp;
  const consumer = await startConsumer({ ...setting, url: redis.url, stream, jobs, warmUp, noteStarts: false });
  await consumer.warm;
  const before = await redis.usage();
  const account = await consumer.account;
  const after = await redis.usage();
  await redis.client.flushall();
  return {
    ...{ account, counted },
    redisCpuMicros: (after.cpuMicros - before.cpuMicros) / counted,
    commandsPerJob: (after.commands - before.commands) / counted,
  };
}

/** Time from enqueuing to the start of the handler, with an idle worker of 16 slots. */
export async function measureLatency(redis: BenchRedis, engine: EngineName, jobs: number): Promise<LatencyRun> {
  const stream = freshName();
  const order = { engine, concurrency: 16, url: redis.url, stream, jobs, warmUp: 1, noteStarts: true };
  const consumer = await startConsumer(order);
  await after(500);
  const enqueued = new Map<string, number>();
  for (let i = 0; i < jobs; i += 1) {
    enqueued.set(`job-${i}`, await redis.enqueueOne(engine, stream, `job-${i}`));
    await after(1_000 / LOW_RATE);
  }
  const { starts } = await consumer.account;
  await redis.client.flushall();
  const waits = [...enqueued].map(([name, at]) => (starts[name] ?? NaN) - at);
  return { engine, p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99) };
}

function freshName(): string {
  runs += 1;
  return `bench-${runs}`;
}

async function startConsumer(order: Order): Promise<{ warm: Promise<void>; account: Promise<Account> }> {
  const child = fork(CONSUMER);
  await once(child, 'message');
  child.send(order);
  return { warm: warmOf(child), account: accountOf(child) };
}

function warmOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (message === 'warm') resolve();
    });
  });
}

function accountOf(child: ChildProcess): Promise<Account> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (typeof message === 'object') resolve(message as Account);
    });
    child.once('exit', (code) => reject(new Error(`The consumer ended with ${code} before it was done.`)));
  });
}
