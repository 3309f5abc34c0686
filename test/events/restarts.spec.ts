import { setTimeout as after } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { Service } from '../support/service.js';
import { SseReader } from '../support/sse-reader.js';

const RESULTS = 'stream:preprocess:results';
const CLIENTS = 20;

let server: RedisServer;
let service: Service;
const clients: Client[] = [];

beforeAll(async () => {
  server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  if (service.isAlive) await service.stop('SIGKILL');
});
afterAll(() => server.stop());

/** A client as a browser is one: it comes back with its last id whenever it was cut off. */
class Client {
  private readonly readers: SseReader[] = [];
  private isClosed = false;
  private lastId: string | undefined;

  /** @param url where the service is now */
  constructor(private readonly url: () => string) {
    void this.run();
  }

  /** Jobs whose end it was told of, in order. */
  get ends(): unknown[] {
    const events = this.readers.flatMap((reader) => reader.events);
    return events.filter(({ type }) => type === 'job.completed').map(({ data }) => data['jobId']);
  }

  get resyncs(): number {
    return this.readers.flatMap(({ events }) => events).filter(({ type }) => type === 'resync').length;
  }

  close(): void {
    this.isClosed = true;
    this.readers.at(-1)?.close();
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const headers: Record<string, string> = this.lastId === undefined ? {} : { 'Last-Event-ID': this.lastId };
      const reader = await SseReader.open(`${this.url()}/api/v1/events`, headers).catch(() => undefined);
      if (reader === undefined) {
        await after(50);
        continue;
      }
      this.readers.push(reader);
      await reader.closed;
      this.lastId = reader.lastId ?? this.lastId;
    }
  }
}

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
    for (let i = 0; i < CLIENTS; i += 1) clients.push(new Client(() => service.url));
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
});
