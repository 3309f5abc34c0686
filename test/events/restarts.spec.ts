import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { Service } from '../support/service.js';
import { ReturningListener } from '../support/returning-listener.js';
import { SseReader } from '../support/sse-reader.js';

const RESULTS = 'stream:preprocess:results';
const TWO_KINDS = fileURLToPath(new URL('../support/two-kinds/main.js', import.meta.url));
const CLIENTS = 20;

let server: RedisServer;
let service: Service;
const clients: ReturningListener[] = [];

beforeAll(async () => {
  server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  if (service.isAlive) await service.stop('SIGKILL');
});
afterAll(() => server.stop());

async function start(): Promise<void> {
  service = await Service.start({ REDIS_URL: server.url, ROLES: 'schedule' });
}

describe('listeners of a service that is killed, and of a Redis that is restarted', () => {
  it('miss no end of a job and are told of none twice, as they come back with their last id', async () => {
    const redis = server.client();
    const published: string[] = [];
    const publish = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) {
        const jobId = `j${published.length}`;
        await redis.xadd(RESULTS, '*', 'jobId', jobId, 'cctvId', 'cam');
        published.push(jobId);
      }
    };
    const allTold = (): Promise<unknown> =>
      eventually('all are told', () => clients.every((client) => client.ends.includes(published.at(-1))), 30_000);
    await start();
    for (let i = 0; i < CLIENTS; i += 1) clients.push(new ReturningListener(() => service.url));
    await eventually('all listen', async () => {
      await publish(1);
      return clients.every(({ ends }) => ends.length > 0);
    });
    await allTold();
    for (const ending of ['SIGKILL', 'SIGTERM'] as const) {
      const ended = service.stop(ending);
      await publish(30);
      await ended;
      await publish(10);
      await start();
      await allTold();
    }
    for (let round = 0; round < 2; round += 1) {
      await publish(20);
      await server.down('SIGKILL');
      await server.up();
      await publish(20);
      await allTold();
    }
    for (const client of clients) {
      const first = published.indexOf(String(client.ends[0]));
      expect(client.ends).toEqual(published.slice(first));
      expect(client.resyncs).toBe(0);
    }
  }, 120_000);

  it('are shown that their stream is alive, and are said goodbye to at once while jobs are still in hand', async () => {
    const redis = server.client();
    const settings = { REDIS_URL: server.url, ROLES: 'assess', GEMINI_API_KEY: 'a-key-that-nobody-uses' };
    service = await Service.start(settings, { main: TWO_KINDS });
    const reader = await SseReader.open(`${service.url}/api/v1/events?types=job.failed`);
    const held = join(service.directory, 'held');
    await redis.xadd('stream:assess', '*', 'cctvId', 'c', 'jobId', 'held', 'until', held);
    await eventually('it is in hand', async () => (await service.status()).jobs.length === 1);
    // With its place, though nothing was for it.
    await eventually('a comment', () => reader.comments.length > 0 && reader.lastId !== undefined, 30_000);
    const ending = service.stop();
    await reader.over();
    expect(service.isAlive).toBe(true);
    const another = await SseReader.open(`${service.url}/api/v1/events`);
    await another.over();
    expect([another.status, another.retryMs]).toEqual([200, 5_000]);
    await writeFile(held, '');
    expect(await ending).toBe(0);
  }, 60_000);
});
