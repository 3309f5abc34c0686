import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { ReturningListener } from '../support/returning-listener.js';
import { Service } from '../support/service.js';

const MAIN = fileURLToPath(new URL('../support/two-kinds/main.js', import.meta.url));
const LISTENERS = 50;
const WORKERS = 3;
const JOBS = 150;
const KILLS = 4;

/** What the result of a worker that was killed left unread comes to another process after half a minute. ms */
const ALL_TOLD_WITHIN_MS = 120_000;

jest.setTimeout(300_000);

let server: RedisServer;
let folder: string;
let desk: Service;
const workers = new Set<Service>();
const listeners: ReturningListener[] = [];

beforeAll(async () => {
  server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
  folder = await mkdtemp(join(tmpdir(), 'roadstream-listeners-'));
});
afterAll(async () => {
  for (const listener of listeners) listener.close();
  await Promise.all([desk, ...workers].map(async (service) => service.isAlive && service.stop('SIGKILL')));
  await server.stop();
  await rm(folder, { recursive: true });
});

function start(roles: string): Promise<Service> {
  const settings = {
    ...{ REDIS_URL: server.url, ROLES: roles, GEMINI_API_KEY: 'a-key-that-nobody-uses', MAX_CONCURRENCY: '4' },
    ...{ REDIS_VISIBILITY_TIMEOUT: '4', REDIS_MAX_RETRY: '12', RETRY_BASE_SECONDS: '0.2' },
  };
  return Service.start(settings, { main: MAIN });
}

async function addWorker(): Promise<void> {
  workers.add(await start('assess'));
}

async function killWorker(): Promise<void> {
  const [worker] = [...workers].slice(randomInt(workers.size));
  if (worker === undefined) return;
  workers.delete(worker);
  await Promise.all([worker.stop('SIGKILL'), addWorker()]);
}

/** Jobs that end in every way there is, most of them while something dies. Gives their names. */
async function produce(redis: Redis): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < JOBS; i += 1) {
    const jobId = `j${i}`;
    const until = join(folder, jobId);
    const cctvId = ['cam', 'flaky', 'hopeless'][i % 3] ?? 'cam';
    const tracked = i % 2 === 0 ? ['track', '1'] : [];
    await redis.xadd('stream:assess', '*', 'cctvId', cctvId, 'jobId', jobId, 'until', until, ...tracked);
    names.push(jobId);
    void after(randomInt(1_500)).then(() => writeFile(until, ''));
    await after(150);
  }
  return names;
}

it('50 listeners are told the one end of each job once, while workers, the service they listen to, and Redis are killed', async () => {
  const redis = server.client();
  desk = await start('schedule');
  for (let i = 0; i < WORKERS; i += 1) await addWorker();
  for (let i = 0; i < LISTENERS; i += 1) {
    listeners.push(
      new ReturningListener(() => desk.url, '?types=job.completed,job.failed,job.cancelled,worker.changed'),
    );
  }
  await eventually('all listen', async () => {
    await redis.xadd('{stream:assess}:events', '*', 'type', 'worker.changed', 'data', '{}');
    return listeners.every(({ events }) => events.length > 0);
  });
  const producing = produce(redis);
  for (let round = 0; round < KILLS; round += 1) {
    await killWorker();
    if (round === 1) {
      await desk.stop('SIGKILL');
      desk = await start('schedule');
    }
    if (round % 2 === 0) {
      await server.down('SIGKILL');
      await server.up();
    }
  }
  const names = await producing;
  const isTold = ({ ends }: ReturningListener): boolean => new Set(ends).size >= JOBS;
  await eventually('all ends are told', () => listeners.every(isTold), ALL_TOLD_WITHIN_MS);
  // What is told twice would come by now.
  await eventually('nothing is pending', async () => {
    const [pending] = (await redis.xpending('stream:assess', 'assessors')) as [number];
    return pending === 0;
  });
  await after(2_000);
  const [first] = listeners;
  for (const listener of listeners) {
    expect([...listener.ends].sort()).toEqual([...names].sort());
    expect(listener.resyncs).toBe(0);
    // In one order for all.
    expect(listener.ends).toEqual(first?.ends);
  }
  const failed = first?.events.filter(({ type }) => type === 'job.failed').map(({ data }) => data['jobId']);
  expect(failed?.sort()).toEqual(names.filter((_, i) => i % 3 === 2).sort());
});
